const name = 'kinmark.clock'

/** Tells this page that a local chain’s time was moved. */
export function announceClock(): void {
  window.dispatchEvent(new Event(name))
}

/** Calls `listener` whenever a local chain’s time was moved here. Returns a function that ends this. */
export function onClock(listener: () => void): () => void {
  window.addEventListener(name, listener)
  return () => window.removeEventListener(name, listener)
}

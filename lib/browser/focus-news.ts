/** Where the browser loaded the page; what comes after is shown without loading. */
const loadedAt = globalThis.location?.pathname

/** Whether the page at this address was reached from within, so that its news are news. */
export function arrivedFromWithin(): boolean {
  return window.location.pathname !== loadedAt
}

/**
 * Moves the focus to `element` where it would be lost: what had it is gone, as a button that has done its work. A person who
 * works elsewhere in the page is left there.
 */
export function focusIfLost(element: HTMLElement | null): void {
  const { activeElement } = document
  if (element && (activeElement === null || activeElement === document.body)) element.focus({ preventScroll: false })
}

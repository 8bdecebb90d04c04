export type StopFinder = {
  /** The text that may be shown now; `stopped` once a stop string has ended the text, which goes on no further. */
  push(text: string): { text: string; stopped: boolean }
  /** The text held back, when no more follows. */
  end(): string
}

/**
 * Finds the stop string that is complete first, the longest of several, and never shows any part of it. How the text is
 * cut into pieces makes no difference.
 */
export function stopFinder(stops: readonly string[]): StopFinder {
  let held = ''
  return {
    push(text) {
      held += text
      const found = stops
        .map((stop) => ({ from: held.indexOf(stop), length: stop.length }))
        .filter(({ from }) => from >= 0)
        .sort((a, b) => a.from + a.length - (b.from + b.length) || a.from - b.from)[0]
      const kept = found ? found.from : held.length - longestBeginning(held, stops)
      const shown = held.slice(0, kept)
      held = found ? '' : held.slice(kept)
      return { text: shown, stopped: found !== undefined }
    },
    end() {
      const rest = held
      held = ''
      return rest
    },
  }
}

/** Length of the longest end of `text` that a stop string begins with. */
export function longestBeginning(text: string, stops: readonly string[]): number {
  const lengths = stops.map((stop) => {
    for (let length = Math.min(stop.length - 1, text.length); length > 0; length--)
      if (text.endsWith(stop.slice(0, length))) return length
    return 0
  })
  return Math.max(0, ...lengths)
}

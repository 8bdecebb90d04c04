/** Where a program writes to. `moving`: stderr is a terminal, on which a line can be overwritten. */
export type Terminal = {
  out(text: string): void
  err(text: string): void
  moving: boolean
  /** Asks whoever sits at the terminal, where somebody does. */
  ask?: Ask
  signal?: AbortSignal
}

export type Ask = (question: string) => Promise<string>

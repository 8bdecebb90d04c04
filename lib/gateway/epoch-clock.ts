/** The protocol’s time, which a gateway must know between its questions to the chain. */
export type EpochClock = {
  /** Seconds of protocol time. */
  time(): bigint
  epoch(): bigint
  readonly epochLength: bigint
}

/** Goes on from the time that the chain last said, and never back. */
export function epochClock(epochLength: bigint) {
  let base = { time: 0n, at: 0 }
  let latest = 0n
  const time = (): bigint => {
    const now = base.time + BigInt(Math.floor((performance.now() - base.at) / 1000))
    if (now > latest) latest = now
    return latest
  }
  return {
    /** Takes what the chain says now. */
    set(seconds: bigint): void {
      base = { time: seconds, at: performance.now() }
    },
    time,
    epoch: () => time() / epochLength,
    epochLength,
  }
}

import 'server-only'

const day = 86_400n

/** Windows in seconds, for epochs of a day. */
const windows = {
  leakTail: 180n * day,
  acceptWindow: day,
  reportGrace: day,
  answerWindow: 2n * day,
  caseWindow: 4n * day,
  thawBuffer: day,
}

/** Seconds for which the bond behind a version’s origin is locked, for epochs of a day. */
const originTime = 90n * day

/** Default values of the protocol’s parameters, in the order of Solidity’s enum `Parameter`; in seconds, USDC of 6 decimals or basis points. */
export const parameters = {
  ...windows,
  challengeBond: 10_000_000n,
  caseBond: 50_000_000n,
  bountyBps: 4_000n,
  bountyCap: 100_000_000n,
  minterBond: 1_000_000_000n,
  proverStake: 1_000_000_000n,
  proverPenalty: 20_000_000n,
  coverageFee: 1_000_000n,
  protocolCutBps: 250n,
  proverCutBps: 250n,
  minterCutBps: 500n,
  caseCap: 10_000_000_000n,
  originBond: 100_000_000n,
  originTime,
}

export type Parameters = typeof parameters

/** All values in the enum’s order. The windows of shorter epochs are shorter in proportion. */
export function parameterList(changes: Partial<Parameters>, epochSeconds: bigint = day): bigint[] {
  const inProportion = Object.entries({ ...windows, originTime }).map(([name, seconds]) => [
    name,
    (seconds * epochSeconds) / day,
  ])
  return Object.values({ ...parameters, ...Object.fromEntries(inProportion), ...changes })
}

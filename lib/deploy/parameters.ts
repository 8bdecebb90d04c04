import 'server-only'

const day = 86_400n

/** Default values of the protocol’s parameters, in the order of Solidity’s enum `Parameter`; in seconds, USDC of 6 decimals or basis points. */
export const parameters = {
  deliverWindow: day,
  acceptWindow: day,
  reportGrace: day,
  answerWindow: 2n * day,
  caseWindow: 4n * day,
  thawBuffer: day,
  challengeBond: 10_000_000n,
  caseBond: 50_000_000n,
  bountyBps: 4_000n,
  bountyCap: 100_000_000n,
  minterBond: 1_000_000_000n,
  minterPenalty: 5_000_000n,
  proverStake: 1_000_000_000n,
  proverPenalty: 20_000_000n,
  coverageFee: 1_000_000n,
  protocolCutBps: 250n,
  proverCutBps: 250n,
  minterCutBps: 500n,
  caseCap: 10_000_000_000n,
}

export type Parameters = typeof parameters

/** All values in the enum’s order. */
export function parameterList(changes: Partial<Parameters>): bigint[] {
  return Object.values({ ...parameters, ...changes })
}

/** Whole units of the 6-decimal token: 1 USDC = 1_000_000. */
export type Usdc6 = bigint

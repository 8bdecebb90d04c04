/** A copy and the buyer’s 32-byte seed that its codeword was derived with. */
export type MintedCopy = { copyId: string; buyerSeed: Uint8Array }

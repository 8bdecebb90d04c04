type Order = { id: string; buyerSeedHash: string }

/** Names an order even if the chain is rolled back and gives the copy's number to another one. */
export function orderKey(copy: Order, manifestRoot: string): string {
  return `${copy.id}:${manifestRoot}:${copy.buyerSeedHash}`
}

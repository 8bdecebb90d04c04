export type MerkleErrors = {
  'merkle.no-such-leaf': { index: number; count: number }
}

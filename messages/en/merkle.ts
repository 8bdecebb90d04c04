import type { MerkleErrors } from '../../lib/errors/merkle'
import type { Messages } from '../messages'

export const merkle: Messages<MerkleErrors> = {
  'merkle.no-such-leaf': ({ index, count }) => `The Merkle tree has ${count} leaves, and none at index ${index}.`,
}

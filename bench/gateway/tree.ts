import { keccak_256 } from '@noble/hashes/sha3.js'
import { compactSumProof, compactSumTree } from '../../lib/metering/compact-sum-tree'

/** Seconds and MB of the tree of an epoch with so many receipts, and milliseconds of a proof. */
export async function measureTree(leaves: number) {
  const hashes = new Uint8Array(32 * leaves)
  const sums = new BigUint64Array(leaves)
  const hash = keccak_256(new Uint8Array(32))
  for (let i = 0; i < leaves; i++) {
    hashes.set(hash, 32 * i)
    hashes[32 * i] = i
    sums[i] = BigInt((i % 4000) + 1)
  }
  const before = process.memoryUsage().rss
  const begun = performance.now()
  const used = process.cpuUsage()
  const tree = await compactSumTree(hashes, sums)
  const took = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(used)
  const megabytes = (process.memoryUsage().rss - before + hashes.length + 8 * leaves) / 1e6
  const from = performance.now()
  for (let i = 0; i < 1000; i++) compactSumProof(tree, (i * 7919) % leaves)
  return {
    leaves,
    seconds: took,
    processorSeconds: (user + system) / 1e6,
    megabytes,
    proofMs: (performance.now() - from) / 1000,
  }
}

import { type Address, bytesToHex, type Hex } from 'viem'
import type { Config } from 'wagmi'
import { readContract } from 'wagmi/actions'
import { chainError } from '@/lib/chain/chain-error'
import { copyRegistryAbi } from '@/lib/chain/generated'
import { KinmarkError } from '@/lib/error'
import { manifestTree } from '@/lib/manifest/manifest'
import type { CopyView } from '@/lib/market/read/views'

/** The artifact root of a copy’s files, which the chain has too. Throws `download.root-mismatch` and `chain.*`. */
export async function checkRoot(config: Config, registry: Address, { id, files }: CopyView): Promise<Hex> {
  const root = bytesToHex(manifestTree(files).root)
  const copy = { address: registry, abi: copyRegistryAbi, functionName: 'copies', args: [BigInt(id)] } as const
  const { artifactRoot } = await readContract(config, copy).catch((error) => {
    throw chainError(error)
  })
  if (root !== artifactRoot) throw new KinmarkError('download.root-mismatch', { root, onChain: artifactRoot })
  return root
}

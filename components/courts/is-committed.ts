import type { Config } from 'wagmi'
import { getAccount, simulateContract } from 'wagmi/actions'
import type { Write } from '@/components/wallet/write'
import { chainError } from '@/lib/chain/chain-error'

/** Whether the chain holds the commitment to this vote. Throws `chain.*` and `contract.*` where another thing is wrong. */
export async function isCommitted(config: Config, { proof: _, ...call }: Write): Promise<boolean> {
  try {
    await simulateContract(config, { ...call, account: getAccount(config).address, blockTag: 'pending' } as never)
    return true
  } catch (cause) {
    const error = chainError(cause)
    if (error.code === 'contract.CommitmentMismatch') return false
    throw error
  }
}

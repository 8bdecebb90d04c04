import { keyLedgerAbi } from '../../lib/chain/generated'
import { log } from '../../lib/log'
import type { Opening } from '../../lib/minting/opening'
import { openChain, sendCall } from './chain'
import type { Minter } from './minter'

/** Opens keys that a panel has tested: without them nobody is convicted. */
export async function openKeys({ copyId, eighth, codeword, keys }: Opening, minter: Minter): Promise<void> {
  const { contracts } = openChain(minter)
  await sendCall(minter, {
    address: contracts.keyLedger,
    abi: keyLedgerAbi,
    functionName: 'openKeys',
    args: [BigInt(copyId), eighth, { ...codeword, count: BigInt(codeword.count) }, keys],
  })
  log.info({ copy: copyId, eighth, keys: keys.length }, 'Keys were opened for a court.')
}

import { copyCall } from '../../lib/chain/copy'
import { log } from '../../lib/log'
import type { Refusal } from '../../lib/minting/refusal'
import { openChain, sendCall } from './chain'
import type { Minter } from './minter'

/** Stands by what this minter has minted and measured, and gives the money back for anything else. */
export async function answerRefusal({ copyId, isMinted }: Refusal, minter: Minter): Promise<void> {
  const { contracts } = openChain(minter)
  const action = isMinted ? 'standBy' : 'refund'
  await sendCall(minter, copyCall(contracts.copyRegistry, action, copyId))
  log.info({ copy: copyId, action }, 'A refusal was answered.')
}

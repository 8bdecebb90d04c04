import { keyLedgerAbi, parentCasesAbi } from '../../lib/chain/generated'
import { log } from '../../lib/log'
import type { Opening } from '../../lib/minting/opening'
import { openChain, sendCall } from './chain'
import type { Minter } from './minter'

/** Opens keys that a panel has tested: without them nobody is convicted. */
export async function openKeys(opening: Opening, minter: Minter): Promise<void> {
  await sendCall(minter, openingCall(opening, minter))
  const { kind, eighth, keys } = opening
  const of = kind === 'leak' ? { copy: opening.copyId } : { model: opening.modelId, version: opening.version }
  log.info({ ...of, eighth, keys: keys.length }, 'Keys were opened for a court.')
}

function openingCall(opening: Opening, minter: Minter) {
  const { keyLedger, parentCases } = openChain(minter).contracts
  const functionName = 'openKeys'
  const { eighth } = opening
  if (opening.kind === 'leak') {
    const { copyId, codeword, keys } = opening
    const args = [BigInt(copyId), eighth, { ...codeword, count: BigInt(codeword.count) }, keys]
    return { address: keyLedger, abi: keyLedgerAbi, functionName, args }
  }
  const { modelId, version, count, keys } = opening
  return {
    address: parentCases,
    abi: parentCasesAbi,
    functionName,
    args: [BigInt(modelId), version, eighth, BigInt(count), keys],
  }
}

import 'server-only'
import { createHash } from 'node:crypto'
import type { Address, Hex } from 'viem'
import type { z } from 'zod'
import type { WebhookEvents, WebhookEventType } from '../../../api/webhooks'
import type { ModelId } from '../../../chain/ids'

/**
 * Something that webhooks tell. Its id names the log, so it is the same whenever the chain is indexed, and ids sort in
 * the order of the chain. `accounts` hear of it, and with `holdersOf` whoever holds shares of that model.
 */
export type Happened = {
  id: string
  type: WebhookEventType
  at: number
  data: Record<string, unknown>
  accounts: Address[]
  holdersOf?: ModelId
}

/** Where a log is, and when it came. */
export type Place = { block: number; logIndex: number; at: number; tx: Hex }

type Data<Type extends WebhookEventType> = Omit<z.input<WebhookEvents[Type]['data']>, 'at' | 'tx'>
type Who = { accounts: Address[]; holdersOf?: ModelId }

/** `part`: of several events in one log. */
export type Tell = <Type extends WebhookEventType>(
  type: Type,
  place: Place,
  data: Data<Type>,
  who: Who,
  part?: string,
) => Happened

export function teller(chainId: number): Tell {
  return (type, place, data, who, part = '') => {
    const { at, tx } = place
    return { id: idOf(chainId, place, part), type, at, data: { ...data, at, tx }, ...who }
  }
}

function idOf(chainId: number, { block, logIndex, tx }: Place, part: string): string {
  const hash = createHash('sha256').update(`${chainId} ${tx} ${logIndex} ${part}`).digest('hex')
  return `evt_${block.toString(36).padStart(8, '0')}${logIndex.toString(36).padStart(4, '0')}${hash.slice(0, 16)}`
}

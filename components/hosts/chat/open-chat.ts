import type { ChainConfig, HostView } from '@/lib/market/read/views'
import { openPayer, type Payer } from '@/lib/payer/payer'
import { maySign, readMoney } from './read-money'
import { ensureSession, type SessionPlace, storeSession } from './stored-session'

/** Calls from this browser to one host, paid by its session key. */
export function openChat(chain: ChainConfig, host: HostView, place: SessionPlace): Payer {
  const { userLedger, usageLedger } = chain.contracts
  const { key } = ensureSession(place)
  let most: { at: number; amount: bigint } | null = null
  return openPayer({
    ...{ chainId: chain.chainId, userLedger, usageLedger, user: place.user, key },
    host: { url: host.url, copyId: BigInt(host.copyId), operator: host.operator, price: host.price },
    account: () => ensureSession(place).account,
    store: (account) => storeSession(place, { key, account }),
    async budget() {
      if (!most || Date.now() - most.at > 10_000)
        most = { at: Date.now(), amount: (await readMoney(chain, place)).most }
      return most.amount
    },
    maySign: (operator, epoch) => maySign(chain, host.copyId, operator, epoch),
  })
}

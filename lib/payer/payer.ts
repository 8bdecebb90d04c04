import { KinmarkError } from '../error'
import { isJson, type Json } from '../gateway/formats/format'
import { charge } from './account'
import { type Answer, type AskOptions, ask, chatRequest, type Question, voucherText } from './ask'
import { openHost, type PayerOptions } from './host'
import { type HostFacts, readHostFacts } from './host-facts'

type PaidAnswer = Answer & {
  /** Tokens of prompt and answer that the receipt states; 0 where nothing was delivered. */
  units: bigint
}

export type Payer = {
  /** What the host says about itself. Throws `payer.unreachable` and `gateway.host-differs`. */
  facts(): Promise<HostFacts>
  /** The name of its model. */
  model(): Promise<string>
  /** Asks and pays. Throws `gateway.budget-spent`, `gateway.host-receipt-wrong` and what `ask` throws. */
  ask(question: Question, options: Pick<AskOptions, 'signal' | 'onText' | 'onReceipt'>): Promise<PaidAnswer>
  /** The receipt of a call that was stopped or broke; null while there is none. Its units are charged. */
  learn(id: string): Promise<{ receipt: Json; units: bigint } | null>
  /** Takes over the host’s count for answers whose receipts did not arrive. Throws `payer.account-wrong`. */
  sync(): Promise<void>
  /** Tells the host what the calls did cost, so that it settles no more than that. */
  settleUp(): Promise<void>
}

/** The user’s side of paid calls to one host, one call after the other. Works in browsers and in Node. */
export function openPayer(options: PayerOptions): Payer {
  const { chainId, account, store } = options
  const { price } = options.host
  const host = openHost(options)
  /** Requests whose receipts are not known yet, by receipt id. */
  const open = new Map<string, { request: Uint8Array; units: bigint }>()

  return {
    async facts() {
      const { status, json } = await host.get('/v1/kinmark')
      if (status !== 200) throw new KinmarkError('payer.refused', { status, message: '' })
      return readHostFacts(json, { ...options.host, chainId })
    },
    async model() {
      const { json } = await host.get('/v1/models')
      const [first] = isJson(json) && Array.isArray(json.data) ? json.data : []
      if (!isJson(first) || typeof first.id !== 'string')
        throw new KinmarkError('payer.host-differs', { field: 'its models' })
      return first.id.slice(0, 200)
    },
    async ask(question, { signal, onText, onReceipt }) {
      const { body, units } = chatRequest(question)
      const request = new TextEncoder().encode(body)
      const voucher = voucherText(await host.promise(units), units)
      const noted = (id: string) => {
        open.set(id, { request, units })
        onReceipt?.(id)
      }
      const { base } = host
      const answer = await ask({ base, body, voucher, signal, onText, onReceipt: noted, fetch: options.fetch })
      if (!answer.receipt) return { ...answer, units: 0n }
      const cost = await host.check(answer.receipt, { id: answer.id, units, request, text: answer.hashes })
      await store(charge(account(), cost, price))
      open.delete(answer.id)
      return { ...answer, units: cost }
    },
    async learn(id) {
      const call = open.get(id)
      const { status, json } = await host.get(`/v1/receipts/${encodeURIComponent(id)}`)
      if (!call || status !== 200 || !isJson(json)) return null
      const units = await host.check(json, { id, ...call, text: null })
      if (open.delete(id)) await store(charge(account(), units, price))
      return { receipt: json, units }
    },
    async sync() {
      if (await host.sync()) open.clear()
    },
    settleUp: host.settleUp,
  }
}

import { type Address, getAddress, type Hex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { KinmarkError } from '../error'
import { isJson, type Json } from '../gateway/formats/format'
import { checkReceipt } from '../metering/check-receipt'
import { voucherTypedData } from '../metering/voucher'
import { adopt, amountUp, charge, type PayerAccount, promise } from './account'
import { type Answer, type AskOptions, ask, chatRequest, type Question, readJson, voucherText } from './ask'
import { type HostFacts, hostBase, readHostFacts } from './host-facts'

export type PayerOptions = {
  chainId: number
  userLedger: Address
  usageLedger: Address
  host: { url: string; copyId: bigint; operator: Address; price: bigint }
  user: Address
  /** The user’s own key, or a session key that it has named. */
  key: Hex
  /** What is kept between calls; `store` must be durable before it resolves. */
  account(): PayerAccount
  store(account: PayerAccount): Promise<void> | void
  /** The most that all vouchers together may promise, in USDC of 6 decimals. */
  budget(): Promise<bigint>
  maySign(operator: Address, epoch: bigint): Promise<boolean>
  fetch?: typeof fetch
}

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
  const { host, chainId, userLedger, user, account, store } = options
  const { copyId, price } = host
  const signer: PrivateKeyAccount = privateKeyToAccount(options.key)
  const send = options.fetch ?? fetch
  const base = hostBase(host.url)

  const get = async (path: string): Promise<{ status: number; json: unknown }> => {
    const response = await send(`${base}${path}`, {
      ...{ redirect: 'error', credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' },
      signal: AbortSignal.timeout(10_000),
    }).catch((cause) => {
      throw new KinmarkError('payer.unreachable', {}, { cause })
    })
    return { status: response.status, json: await readJson(response).catch(() => null) }
  }
  const sign = async (totals: { cumulativeUnits: bigint; cumulativeAmount: bigint }) => {
    const voucher = { copyId, user: getAddress(user), ...totals }
    return { ...voucher, signature: await signer.signTypedData(voucherTypedData(chainId, userLedger, voucher)) }
  }
  const checked = (receipt: Json, exchange: Parameters<typeof checkReceipt>[1]) =>
    checkReceipt(receipt, exchange, { ...options, ...{ copyId, price } })
  /** Requests whose receipts are not known yet, by receipt id. */
  const open = new Map<string, { request: Uint8Array; units: bigint }>()

  return {
    async facts() {
      const { status, json } = await get('/v1/kinmark')
      if (status !== 200) throw new KinmarkError('payer.refused', { status, message: '' })
      return readHostFacts(json, { ...host, chainId })
    },
    async model() {
      const { json } = await get('/v1/models')
      const [first] = isJson(json) && Array.isArray(json.data) ? json.data : []
      if (!isJson(first) || typeof first.id !== 'string')
        throw new KinmarkError('payer.host-differs', { field: 'its models' })
      return first.id.slice(0, 200)
    },
    async ask(question, { signal, onText, onReceipt }) {
      const { body, units } = chatRequest(question)
      const request = new TextEncoder().encode(body)
      const available = await options.budget()
      const promised = promise(account(), units, price)
      if (promised.totals.cumulativeAmount > available) {
        const needed = amountUp(units * price)
        const spent = amountUp(account().cost)
        throw new KinmarkError('gateway.budget-spent', {
          needed,
          available: available > spent ? available - spent : 0n,
        })
      }
      const voucher = voucherText(await sign(promised.totals), units)
      await store(promised.account)
      const noted = (id: string) => {
        open.set(id, { request, units })
        onReceipt?.(id)
      }
      const answer = await ask({ base, body, voucher, signal, onText, onReceipt: noted, fetch: options.fetch })
      if (!answer.receipt) return { ...answer, units: 0n }
      const cost = await checked(answer.receipt, { id: answer.id, units, request, text: answer.hashes })
      await store(charge(account(), cost, price))
      open.delete(answer.id)
      return { ...answer, units: cost }
    },
    async learn(id) {
      const call = open.get(id)
      const { status, json } = await get(`/v1/receipts/${encodeURIComponent(id)}`)
      if (!call || status !== 200 || !isJson(json)) return null
      const units = await checked(json, { id, ...call, text: null })
      if (open.delete(id)) await store(charge(account(), units, price))
      return { receipt: json, units }
    },
    async sync() {
      const { status, json } = await get(`/v1/kinmark/accounts/${user}`)
      const { units, cost } = isJson(json) ? json : {}
      if (status !== 200 || !isWhole(units) || !isWhole(cost)) return
      const next = adopt(account(), { units: BigInt(units), cost: BigInt(cost) }, price)
      if (!next) throw new KinmarkError('payer.account-wrong', { claimed: BigInt(units), promised: account().promised })
      open.clear()
      await store(next)
    },
    async settleUp() {
      const { units, cost } = account()
      if (units === 0n) return
      const voucher = voucherText(await sign({ cumulativeUnits: units, cumulativeAmount: amountUp(cost) }), 0n)
      const body = JSON.stringify(voucher)
      await send(`${base}/v1/kinmark/vouchers`, {
        ...{ method: 'POST', body, headers: { 'content-type': 'application/json' } },
        ...{ redirect: 'error', credentials: 'omit', referrerPolicy: 'no-referrer' },
      }).catch(() => undefined)
    },
  }
}

const isWhole = (value: unknown): value is string => typeof value === 'string' && /^\d{1,40}$/.test(value)

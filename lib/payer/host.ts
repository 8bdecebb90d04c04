import { type Address, getAddress, type Hex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { KinmarkError } from '../error'
import { isJson, type Json } from '../gateway/formats/format'
import { checkReceipt, type Exchange } from '../metering/check-receipt'
import { voucherTypedData } from '../metering/voucher'
import { adopt, amountUp, type PayerAccount, promise } from './account'
import { readJson, type SignedTotals, voucherText } from './ask'
import { hostBase } from './host-facts'

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

/** A host as its user sees it: its free endpoints, the account with it, and vouchers for it. */
export function openHost(options: PayerOptions) {
  const { host, chainId, userLedger, user, account, store } = options
  const { copyId, price } = host
  const signer: PrivateKeyAccount = privateKeyToAccount(options.key)
  const send = options.fetch ?? fetch
  const base = hostBase(host.url)

  async function get(path: string): Promise<{ status: number; json: unknown }> {
    const response = await send(`${base}${path}`, {
      ...{ redirect: 'error', credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' },
      signal: AbortSignal.timeout(10_000),
    }).catch((cause) => {
      throw new KinmarkError('payer.unreachable', {}, { cause })
    })
    return { status: response.status, json: await readJson(response).catch(() => null) }
  }

  async function sign(totals: { cumulativeUnits: bigint; cumulativeAmount: bigint }): Promise<SignedTotals> {
    const voucher = { copyId, user: getAddress(user), ...totals }
    return { ...voucher, signature: await signer.signTypedData(voucherTypedData(chainId, userLedger, voucher)) }
  }

  return {
    base,
    get,
    /**
     * A voucher for what is owed, for calls that run and may cost `open` more, and for one that may cost `units`. It is
     * stored as promised before it is returned. Throws `gateway.budget-spent`.
     */
    async promise(units: bigint, open = 0n): Promise<SignedTotals> {
      const available = await options.budget()
      const promised = promise(account(), open + units, price)
      if (promised.totals.cumulativeAmount > available) {
        const spent = amountUp(account().cost + open * price)
        throw new KinmarkError('gateway.budget-spent', {
          needed: amountUp(units * price),
          available: available > spent ? available - spent : 0n,
        })
      }
      const voucher = await sign(promised.totals)
      await store(promised.account)
      return voucher
    },
    /** The units of a receipt. Throws `gateway.host-receipt-wrong`. */
    check: (receipt: Json, exchange: Exchange) => checkReceipt(receipt, exchange, { ...options, ...{ copyId, price } }),
    /** Takes over the host’s count for answers whose receipts did not arrive. False where it tells none. Throws `payer.account-wrong`. */
    async sync(): Promise<boolean> {
      const { status, json } = await get(`/v1/kinmark/accounts/${user}`)
      const { units, cost } = isJson(json) ? json : {}
      if (status !== 200 || !isWhole(units) || !isWhole(cost)) return false
      const next = adopt(account(), { units: BigInt(units), cost: BigInt(cost) }, price)
      if (!next) throw new KinmarkError('payer.account-wrong', { claimed: BigInt(units), promised: account().promised })
      await store(next)
      return true
    },
    /** Tells the host what the calls did cost, so that it settles no more than that. */
    async settleUp(): Promise<void> {
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

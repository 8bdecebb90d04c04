import { setTimeout as wait } from 'node:timers/promises'
import {
  type Address,
  encodeFunctionData,
  type Hex,
  keccak256,
  type PublicClient,
  parseAbiItem,
  toEventSelector,
} from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { chainError } from '../../chain/chain-error'
import { testUsdAbi } from '../../chain/generated'
import { KinmarkError } from '../../error'
import type { Payment } from '../log/records'

export type SettlerOptions = {
  client: PublicClient
  chainId: number
  /** USDC, or a token that is like it. */
  usd: Address
  /** Is paid, and pays the gas. */
  account: PrivateKeyAccount
  /** Stores what became of a payment, before anybody is told. */
  onOutcome(payment: Payment, outcome: Certain): Promise<void>
  pollMs?: number
}

/** What the chain says of a payment. */
type Certain =
  | { state: 'paid'; transaction: Hex }
  /** It moved no money to this account, and never can. */
  | { state: 'void' }
type Outcome = Certain | { state: 'pending' }

export type Settler = {
  /** Throws `gateway.payment-refused` where the token would refuse the payment now. */
  check(payment: Payment): Promise<void>
  /** Sends a payment until its outcome is certain and stored. Returns then, or when so long was waited for it. */
  settle(payment: Payment, waitMs: number): Promise<void>
  /** The time of the chain’s latest block, in seconds, and its number. */
  now(): Promise<{ time: bigint; block: bigint }>
  close(): Promise<void>
}

const cancelledEvent = parseAbiItem('event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce)')
const usedEvent = parseAbiItem('event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce)')
const transferTopic = toEventSelector('Transfer(address,address,uint256)')
const gas = 200_000n

type Sent = { hash: Hex; nonce: number }
type Waiting = { payment: Payment; sent: Sent | null; settle(): void; settled: Promise<void> }

/**
 * Sends payments that their payers have signed (EIP-3009). A payment moves money once, whoever sends it and however
 * often, so it is sent again until the chain says what became of it. Whose transaction it was does not matter: it pays this
 * account and no other.
 */
export function openSettler({ client, chainId, usd, account, onOutcome, pollMs = 250 }: SettlerOptions): Settler {
  const waiting = new Map<string, Waiting>()
  const token = { address: usd, abi: testUsdAbi } as const
  let running: Promise<void> | null = null
  let closed = false

  const now = async () => {
    const { timestamp, number } = await client.getBlock({ blockTag: 'latest' })
    return { time: timestamp, block: number }
  }

  async function outcomeOf(payment: Payment): Promise<Outcome> {
    const { payer, nonce, validBefore } = payment
    const { time, block } = await now()
    const args = [payer, nonce] as const
    // of the same block: another server behind the same address may know an earlier one only
    if (!(await client.readContract({ ...token, functionName: 'authorizationState', args, blockNumber: block })))
      return time >= validBefore ? { state: 'void' } : { state: 'pending' }
    const about = { address: usd, args: { authorizer: payer, nonce }, fromBlock: payment.block } as const
    const [log] = await client.getLogs({ ...about, event: usedEvent })
    if (!log) {
      const [cancelled] = await client.getLogs({ ...about, event: cancelledEvent })
      return { state: cancelled ? 'void' : 'pending' } // a server may know the state of a block before its logs
    }
    const { logs } = await client.getTransactionReceipt({ hash: log.transactionHash })
    const own = logs.filter(({ address }) => address.toLowerCase() === usd.toLowerCase())
    const at = own.findIndex(({ topics }) => topics.join() === log.topics.join())
    if (at < 0) return { state: 'pending' }
    return isTransfer(own[at + 1], payment, account.address)
      ? { state: 'paid', transaction: log.transactionHash }
      : { state: 'void' } // the payer has signed another with the same nonce
  }

  const argsOf = ({ payer, value, validAfter, validBefore, nonce, signature }: Payment) =>
    [payer, account.address, value, validAfter, validBefore, nonce, signature] as const
  const simulate = (payment: Payment) =>
    client.simulateContract({ ...token, functionName: 'transferWithAuthorization', args: argsOf(payment), account })

  /** Whether our transaction is no longer on its way although it did not settle the payment. */
  async function isLost({ nonce }: Sent): Promise<boolean> {
    return (await client.getTransactionCount({ address: account.address, blockTag: 'latest' })) > nonce
  }

  async function send(payment: Payment, nonce: number, fees: object): Promise<Sent> {
    const data = encodeFunctionData({ ...token, functionName: 'transferWithAuthorization', args: argsOf(payment) })
    const raw = await account.signTransaction({
      ...{ chainId, to: usd, data, nonce, gas, type: 'eip1559', ...fees },
    } as Parameters<typeof account.signTransaction>[0])
    await client.sendRawTransaction({ serializedTransaction: raw }).catch(() => undefined) // asked for in the next round
    return { hash: keccak256(raw), nonce }
  }

  async function lookAt({ payment, sent, settle }: Waiting): Promise<'settled' | 'sent' | 'unsent'> {
    const outcome = await outcomeOf(payment)
    if (outcome.state === 'pending') return !sent || (await isLost(sent)) ? 'unsent' : 'sent'
    await onOutcome(payment, outcome)
    settle()
    return 'settled'
  }

  async function round(): Promise<void> {
    const unsent: Waiting[] = []
    for (const [name, each] of waiting) {
      const done = await lookAt(each).catch(() => 'unknown') // the others go on
      if (done === 'settled') waiting.delete(name)
      else if (done === 'unsent') unsent.push(each)
    }
    if (unsent.length === 0) return
    let nonce = await client.getTransactionCount({ address: account.address, blockTag: 'pending' })
    const fees = await client.estimateFeesPerGas()
    for (const each of unsent) {
      const refused = await simulate(each.payment).then(
        () => false,
        () => true,
      )
      if (!refused) each.sent = await send(each.payment, nonce++, fees)
    }
  }

  async function run(): Promise<void> {
    while (waiting.size > 0 && !closed) {
      await round().catch(() => undefined) // the RPC server fails: what is unknown stays pending
      if (waiting.size > 0) await wait(pollMs)
    }
    running = null
  }

  return {
    now,
    async check(payment) {
      await simulate(payment).catch((error) => {
        const cause = chainError(error)
        if (cause.code === 'chain.unreachable') throw cause
        throw new KinmarkError('gateway.payment-refused', { reason: cause.message }, { cause })
      })
    },
    async settle(payment, waitMs) {
      const name = `${payment.payer}:${payment.nonce}`
      const each = waiting.get(name) ?? waitingFor(payment)
      waiting.set(name, each)
      running ??= run()
      const late = new AbortController()
      const pending = wait(waitMs, undefined, { signal: late.signal, ref: false }).catch(() => undefined)
      await Promise.race([each.settled, pending])
      late.abort()
    },
    async close() {
      closed = true
      await running
    },
  }
}

function waitingFor(payment: Payment): Waiting {
  const each = { payment, sent: null } as Partial<Waiting> as Waiting
  each.settled = new Promise((settle) => {
    each.settle = settle
  })
  return each
}

type Log = { topics: readonly Hex[]; data: Hex } | undefined

function isTransfer(log: Log, { payer, value }: Payment, to: Address): boolean {
  const [topic, from, receiver] = log?.topics ?? []
  const word = (address: Address) => `0x${address.slice(2).toLowerCase().padStart(64, '0')}`
  return topic === transferTopic && from === word(payer) && receiver === word(to) && BigInt(log?.data ?? 0) === value
}

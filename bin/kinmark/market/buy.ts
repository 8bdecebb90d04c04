import { randomBytes } from 'node:crypto'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { bytesToHex, getAbiItem, getAddress, parseEventLogs } from 'viem'
import { z } from 'zod'
import { copyRegistryAbi, modelRegistryAbi, testUsdAbi } from '../../../lib/chain/generated'
import { buyerSeedHash, orderWithPermitCall } from '../../../lib/chain/order'
import { permitOf, permitTypedData, readPermitState } from '../../../lib/chain/permit'
import { type SignedQuote, signedQuoteSchema } from '../../../lib/chain/quote'
import { bytes32 } from '../../../lib/chain/schemas'
import { termsFromChain } from '../../../lib/chain/terms'
import { termsHash } from '../../../lib/chain/terms-hash'
import { KinmarkError } from '../../../lib/error'
import { formatUsdc } from '../../../lib/format/amounts'
import { formatDuration } from '../../../lib/format/times'
import { errorOfFailure } from '../../../lib/minting/failure'
import type { CommandOptions, CommandResult, Values } from '../options'
import { table } from '../table'
import { readStored, store } from './home'
import { modelIdOf } from './info'
import { logsSince } from './logs-since'
import { actAs, assertBalance, confirm, nameOf, type Payer } from './payer'

/** What is wanted, stored before anybody is asked for anything: the seed names the order on the chain. */
const orderSchema = z.object({
  seed: bytes32,
  /** The newest block when it began. */
  since: z.number().int(),
  /** Once it is paid. */
  copy: z.string().nullable(),
  tx: z.string().nullable(),
})
type Order = z.infer<typeof orderSchema>

/** After this the chain refuses the payment. */
const permitSeconds = 900n
const pollMs = 500

/**
 * Buys a copy, once for each `--name`: a command that was killed at any moment goes on where it stopped, and one that is
 * run again finds the copy that was paid.
 */
export async function buy(model: string, values: Values, options: CommandOptions): Promise<CommandResult> {
  const id = modelIdOf(model)
  const name = nameOf(values)
  return actAs(values, options, async (payer) => {
    const file = join(payer.folder, `order-${id}-${name}.json`)
    const sent = `order-${id}-${name}.tx`
    const order = await openOrder(payer, file, sent)
    const earlier = order.copy ?? (await copyOf(payer, order)) ?? (await ownedCopy(payer, id, values, sent))
    if (earlier !== null) return bought(file, order, earlier, true)
    const receipt = await payer.send(sent, {
      done: async () => (await copyOf(payer, order)) !== null,
      call: async () => {
        const signed = await askQuote(payer, id, order, options)
        return permittedOrder(payer, signed, await agreedTotal(payer, signed, values, options))
      },
    })
    const copy = receipt ? copyIn(payer, order, receipt.logs) : await copyOf(payer, order)
    if (copy === null) throw new KinmarkError('chain.transaction-failed', { hash: receipt?.transactionHash ?? '' })
    return bought(file, { ...order, tx: receipt?.transactionHash ?? null }, copy, false)
  })
}

async function bought(file: string, order: Order, copy: string, earlier: boolean): Promise<CommandResult> {
  if (order.copy === null) await store(file, { ...order, copy })
  const text = table([
    [earlier ? 'bought before' : 'bought', `copy ${copy}`],
    ...(order.tx ? [['transaction', order.tx] as const] : []),
    ['download', `kinmark pull ${copy}`],
    ...(earlier ? [['another', 'add --name with another name'] as const] : []),
  ])
  return { text, json: { copy, tx: order.tx, earlier }, yes: true }
}

/** The order under this name, begun where there is none. A local chain that was started anew knows nothing of an old one. */
async function openOrder(payer: Payer, file: string, sent: string): Promise<Order> {
  const { client, confirmations } = payer.chain
  const stored = await readStored(file, orderSchema)
  const head = Number(await client.getBlockNumber({ cacheTime: 0 }))
  const isOurs = stored?.copy ? await isBuyer(payer, stored.copy) : true
  if (stored && isOurs && stored.since <= head) return stored
  if (stored && confirmations > 0) throw new KinmarkError('cli.order-unseen', { file, since: stored.since, head })
  const order = { seed: bytesToHex(randomBytes(32)), since: head, copy: null, tx: null }
  await rm(join(payer.folder, sent), { force: true })
  await store(file, order)
  return order
}

async function isBuyer({ chain, account }: Payer, copy: string): Promise<boolean> {
  const registry = { address: chain.contracts.copyRegistry, abi: copyRegistryAbi } as const
  const { buyer } = await chain.client.readContract({ ...registry, functionName: 'copies', args: [BigInt(copy)] })
  return getAddress(buyer) === account.address
}

/** The copy that was ordered with this seed, as the chain has it. */
async function copyOf({ chain, account }: Payer, { seed, since }: Order): Promise<string | null> {
  const event = getAbiItem({ abi: copyRegistryAbi, name: 'Ordered' })
  const filter = { address: chain.contracts.copyRegistry, event, args: { buyer: account.address } }
  const logs = await logsSince(chain.client, filter, BigInt(since))
  return logs.find(({ args }) => args.buyerSeedHash === buyerSeedHash(seed))?.args.id.toString() ?? null
}

function copyIn({ chain }: Payer, { seed }: Order, logs: Parameters<typeof parseEventLogs>[0]['logs']): string | null {
  const found = parseEventLogs({ abi: copyRegistryAbi, eventName: 'Ordered', logs })
    .filter(({ address }) => getAddress(address) === chain.contracts.copyRegistry)
    .find(({ args }) => args.buyerSeedHash === buyerSeedHash(seed))
  return found?.args.id.toString() ?? null
}

/** Without `--name`, and where nothing was sent for this order, a copy that the account has already, from whichever machine. */
async function ownedCopy(
  { site, account, folder }: Payer,
  model: string,
  { name }: Values,
  sent: string,
): Promise<string | null> {
  const { size } = await stat(join(folder, sent)).catch(() => ({ size: 0 }))
  if (name !== undefined || size > 0) return null
  for await (const copy of site.api.all('listAccountCopies', { account: account.address, limit: 100 }))
    if (copy.model === model && ['ordered', 'delivered', 'active'].includes(copy.state)) return copy.id
  return null
}

const quoteSchema = z.object({
  id: z.string(),
  signed: signedQuoteSchema.nullable(),
  failure: z.object({ code: z.string(), facts: z.record(z.string(), z.unknown()) }).nullable(),
})

/** The minter’s quote for this order. It answers once the version’s key pool is on the chain. */
async function askQuote(
  { site, account, chain }: Payer,
  model: string,
  { seed }: Order,
  { onProgress, signal }: CommandOptions,
): Promise<SignedQuote> {
  let answer = await site.call(quoteSchema, 'POST', '/api/quotes', { model, seed })
  while (!answer.signed) {
    if (answer.failure) throw errorOfFailure(answer.failure)
    onProgress({ stage: 'wait', step: 'the minter’s quote', done: 0 })
    await wait(pollMs, undefined, { signal }).catch(() => signal?.throwIfAborted())
    answer = await site.call(quoteSchema, 'GET', `/api/quotes/${answer.id}`)
  }
  const { quote } = answer.signed
  const isOurs =
    quote.buyer === account.address &&
    quote.modelId === BigInt(model) &&
    quote.minter === getAddress(chain.minter) &&
    quote.buyerSeedHash === buyerSeedHash(seed)
  if (!isOurs) throw new KinmarkError('minting.quote-invalid', { quote: answer.id })
  return answer.signed
}

/** What the order takes, by the terms that are on the chain: the market’s word does not count. */
async function agreedTotal(
  payer: Payer,
  { quote }: SignedQuote,
  values: Values,
  options: CommandOptions,
): Promise<bigint> {
  const { client, contracts } = payer.chain
  const registry = { address: contracts.modelRegistry, abi: modelRegistryAbi } as const
  const terms = termsFromChain(await client.readContract({ ...registry, functionName: 'terms', args: [quote.modelId] }))
  if (termsHash(terms) !== quote.termsHash)
    throw new KinmarkError('cli.terms-changed', { model: String(quote.modelId) })
  const fee = BigInt(quote.fee)
  const total = terms.price + fee + terms.collateral
  const what = [
    `A copy of model ${quote.modelId} costs ${formatUsdc(terms.price)} USDC, the minter’s fee of ${formatUsdc(fee)} USDC,`,
    `and ${formatUsdc(terms.collateral)} USDC as collateral. It is delivered within ${formatDuration(quote.secondsToDeliver)}.`,
  ].join(' ')
  await assertBalance(payer, total)
  await confirm(total, what, values, options)
  return total
}

/** The order with a permit for exactly `total`. Throws `wallet.allowance-left`. */
async function permittedOrder({ chain, account }: Payer, signed: SignedQuote, total: bigint) {
  const { client, contracts } = chain
  const { copyRegistry, usd } = contracts
  const args = [account.address, copyRegistry] as const
  const allowance = await client.readContract({ address: usd, abi: testUsdAbi, functionName: 'allowance', args })
  if (allowance > 0n) throw new KinmarkError('wallet.allowance-left', { allowance })
  const { timestamp } = await client.getBlock({ blockTag: 'pending' })
  const deadline = timestamp + permitSeconds
  const typed = permitTypedData(await readPermitState(client, usd, account.address), {
    ...{ owner: account.address, spender: copyRegistry, value: total, deadline },
  })
  const signature = await account.signTypedData(typed)
  return orderWithPermitCall(copyRegistry, signed, permitOf(signature, total, deadline))
}

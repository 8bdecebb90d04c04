import {
  type Address,
  getAddress,
  type Hex,
  isAddressEqual,
  numberToHex,
  type PublicClient,
  TransactionNotFoundError,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
} from 'viem'
import { isProof } from './is-proof'
import type { Proof, Settled, Sight, WriteRecord } from './record'

export type Look = { sight: Sight; receipt: TransactionReceipt | null }

/**
 * Asks the chain what became of a write. Its own hash is asked for first. A wallet may have replaced the transaction,
 * or nobody knows its hash: then its event is searched for, and the transaction that used its nonce.
 * Throws when the node does not answer.
 */
export async function look(client: PublicClient, record: WriteRecord): Promise<Look> {
  const { account, hash } = record
  const [head, time, count] = await Promise.all([
    client.getBlock(),
    nextBlockTime(client),
    client.getTransactionCount({ address: account }),
  ])
  const seen = { head: Number(head.number), time: Math.max(time, Number(head.timestamp)), count }
  const settled = async (receipt: TransactionReceipt): Promise<Look> => ({
    sight: { ...seen, waiting: null, settled: await settledBy(client, receipt, record.proof) },
    receipt,
  })

  const receipt = hash && (await receiptOf(client, hash))
  if (receipt) {
    const own = await settled(receipt)
    if (own.sight.settled?.proven) return own
    // The wallet may have named another transaction than the one that it sent.
    const proven = await findProof(client, record, seen.head)
    return proven ? settled(proven) : own
  }
  const transaction = hash && (await orNull(client.getTransaction({ hash }), TransactionNotFoundError))
  const ours = transaction && getAddress(transaction.from) === getAddress(account) ? transaction : null
  if (ours && ours.nonce >= count)
    return { sight: { ...seen, waiting: { nonce: ours.nonce }, settled: null }, receipt: null }

  const proven = await findProof(client, record, seen.head)
  if (proven) return settled(proven)
  const nonce = ours?.nonce ?? record.nonce
  const usurper = nonce !== null && count > nonce ? await findByNonce(client, record, nonce, seen.head) : null
  if (usurper) return settled(usurper)
  return { sight: { ...seen, waiting: null, settled: null }, receipt: null }
}

/** An idle local chain’s newest block may be old; its pending block has the time of now. */
async function nextBlockTime(client: PublicClient): Promise<number> {
  const pending = await client.getBlock({ blockTag: 'pending' }).catch(() => null)
  return Number(pending?.timestamp ?? 0)
}

async function settledBy(client: PublicClient, receipt: TransactionReceipt, proof: Proof): Promise<Settled> {
  const { nonce } = await client.getTransaction({ hash: receipt.transactionHash })
  return {
    hash: receipt.transactionHash,
    from: getAddress(receipt.from),
    nonce,
    block: Number(receipt.blockNumber),
    success: receipt.status === 'success',
    proven: receipt.logs.some((log) => isProof(proof, log)),
  }
}

type RawLog = { address: Address; topics: readonly Hex[]; data: Hex; transactionHash: Hex | null }

/** The receipt with the write’s event, in a block since the wallet was asked. */
async function findProof(
  client: PublicClient,
  { proof, since }: WriteRecord,
  head: number,
): Promise<TransactionReceipt | null> {
  // Nodes refuse to look for logs of blocks that they do not have.
  if (since > head) return null
  const filter = { address: proof.address, topics: proof.topics, fromBlock: numberToHex(since), toBlock: 'latest' }
  const logs = (await client.request({ method: 'eth_getLogs', params: [filter as never] })) as unknown as RawLog[]
  const hash = logs.find((log) => isProof(proof, log))?.transactionHash
  return hash ? receiptOf(client, hash) : null
}

/**
 * The receipt of the transaction with which an account used a nonce, found by bisecting the blocks since the wallet was
 * asked. Null where the node has forgotten the account’s older transaction counts.
 */
async function findByNonce(
  client: PublicClient,
  { account, since }: Pick<WriteRecord, 'account' | 'since'>,
  nonce: number,
  head: number,
): Promise<TransactionReceipt | null> {
  try {
    let [before, at] = [since, head]
    while (at - before > 1) {
      const middle = Math.floor((before + at) / 2)
      const count = await client.getTransactionCount({ address: account, blockNumber: BigInt(middle) })
      if (count > nonce) at = middle
      else before = middle
    }
    const { transactions } = await client.getBlock({ blockNumber: BigInt(at), includeTransactions: true })
    const found = transactions.find((used) => isAddressEqual(used.from, account) && used.nonce === nonce)
    return found ? receiptOf(client, found.hash) : null
  } catch {
    return null
  }
}

const receiptOf = (client: PublicClient, hash: Hex) =>
  orNull(client.getTransactionReceipt({ hash }), TransactionReceiptNotFoundError)

async function orNull<T>(answer: Promise<T>, notFound: new (...given: never[]) => Error): Promise<T | null> {
  return answer.catch((error) => {
    if (error instanceof notFound) return null
    throw error
  })
}

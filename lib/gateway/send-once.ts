import { rm, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { encodeFunctionData, type Hex, keccak256, type PublicClient, type TransactionReceipt } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { prepareTransactionRequest } from 'viem/actions'
import { z } from 'zod'
import { chainError } from '../chain/chain-error'
import { KinmarkError } from '../error'
import { readOr, storeJson } from './stored-json'

export type Call = { address: Hex; abi: readonly unknown[]; functionName: string; args: readonly unknown[] }

type Sent = Call | { to: Hex; value: bigint }

const schema = z.object({ hash: z.string(), raw: z.string(), nonce: z.number() })
type Pending = z.infer<typeof schema>

export type SendOptions = {
  client: PublicClient
  account: PrivateKeyAccount
  /** Keeps the signed transaction from before it is sent until it is included. */
  file: string
  /** Whether what the transaction should do is done already, by it or by another. */
  done(): Promise<boolean>
  /** A function is asked when there is something to sign. */
  call: Sent | (() => Promise<Sent>)
  /** Blocks that must follow the transaction’s block before it counts as included. */
  confirmations?: number
  signal?: AbortSignal
  pollMs?: number
}

/**
 * Looks after which a transaction’s place is known to be another’s. The servers behind one address may be some blocks
 * apart: one knows that the place is taken, the other not yet by whom.
 */
const looksUntilReplaced = 20

/**
 * Sends a transaction so that it is included once, whatever answers of the RPC server are lost and whenever the process
 * ends: the signed bytes are stored first, and only these are sent again. Returns null where it was done already; the file
 * is empty then, or after the transaction. Throws `chain.*` and `contract.*`.
 */
export async function sendOnce(options: SendOptions): Promise<TransactionReceipt | null> {
  const { client, account, file, done, call, signal, pollMs = 500, confirmations = 0 } = options
  let pending = await readPending(file)
  let replaced = 0
  for (;;) {
    signal?.throwIfAborted()
    if (pending) {
      const overtaken = (await nonceOf(client, account)) > pending.nonce
      const receipt = await receiptOf(client, pending.hash as Hex)
      if (receipt && receipt !== 'none') {
        if (await isDeep(client, receipt, confirmations)) {
          if (receipt.status === 'reverted') {
            await rm(file)
            throw new KinmarkError('chain.transaction-failed', { hash: receipt.transactionHash })
          }
          await writeFile(file, '')
          return receipt
        }
        await wait(pollMs, undefined, { signal })
        continue
      }
      if (overtaken && receipt === 'none' && ++replaced >= looksUntilReplaced) pending = null
    }
    if (await done().catch(() => false)) {
      await writeFile(file, '')
      return null
    }
    if (!pending) {
      const wanted = typeof call === 'function' ? await call() : call
      pending = await sign(client, account, wanted).catch((error) => {
        throw chainError(error)
      })
      replaced = 0
      await storeJson(file, pending)
    }
    await client.sendRawTransaction({ serializedTransaction: pending.raw as Hex }).catch(() => undefined) // asked again below
    await wait(pollMs, undefined, { signal })
  }
}

/** Throws what the call would revert with. */
async function sign(client: PublicClient, account: PrivateKeyAccount, call: Sent): Promise<Pending> {
  if ('abi' in call) await client.simulateContract({ ...call, account } as never)
  const sent = 'abi' in call ? { to: call.address, data: encodeFunctionData(call as never) } : call
  const chainId = await client.getChainId()
  const request = await prepareTransactionRequest(client, { ...sent, chain: null, account } as never)
  const raw = await account.signTransaction({ ...(request as object), chainId } as never)
  return { raw, hash: keccak256(raw), nonce: Number((request as { nonce: number }).nonce) }
}

/** `none` where the chain says that there is none; null where it says nothing. */
async function receiptOf(client: PublicClient, hash: Hex): Promise<TransactionReceipt | 'none' | null> {
  return client.getTransactionReceipt({ hash }).catch((error: Error) => {
    return error.name === 'TransactionReceiptNotFoundError' ? 'none' : null
  })
}

async function isDeep(
  client: PublicClient,
  { blockNumber }: TransactionReceipt,
  confirmations: number,
): Promise<boolean> {
  if (confirmations === 0) return true
  const head = await client.getBlockNumber({ cacheTime: 0 }).catch(() => 0n)
  return head >= blockNumber + BigInt(confirmations)
}

async function nonceOf(client: PublicClient, { address }: PrivateKeyAccount): Promise<number> {
  return client.getTransactionCount({ address, blockTag: 'latest' }).catch(() => -1)
}

async function readPending(file: string): Promise<Pending | null> {
  const text = await readOr(file, '')
  return text === '' ? null : schema.parse(JSON.parse(text))
}

export const accountFromKey = (key: Uint8Array): PrivateKeyAccount =>
  privateKeyToAccount(`0x${Buffer.from(key).toString('hex')}`)

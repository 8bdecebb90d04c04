import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PrivateKeyAccount, TransactionReceipt } from 'viem'
import { testUsdAbi } from '../../../lib/chain/generated'
import { lock } from '../../../lib/db/lock'
import { KinmarkError } from '../../../lib/error'
import { formatUsdc } from '../../../lib/format/amounts'
import { type SendOptions, sendOnce } from '../../../lib/gateway/send-once'
import { type CommandOptions, usdcOf, type Values } from '../options'
import { type MarketChain, openChain } from './chain'
import { diskError } from './disk-error'
import { home } from './home'
import { requireSigner } from './key'
import { accountOf, chainPlace, member } from './login-file'
import type { Site } from './site'

/** An account that signs transactions, each of them once. */
export type Payer = {
  site: Site
  chain: MarketChain
  account: PrivateKeyAccount
  /** For what must be done once. No other program of this machine uses it at the same time. */
  folder: string
  /**
   * Sends a transaction once, however often this program is killed: its signed bytes are in `name` before they are sent.
   * Null where it was `done` already. Throws `chain.*` and `contract.*`.
   */
  send(name: string, wanted: Pick<SendOptions, 'call' | 'done'>): Promise<TransactionReceipt | null>
}

/** Lets the account of the login act, with its key. Throws `storage.in-use` while another program acts for it. */
export async function actAs<Result>(
  values: Values,
  { onProgress, signal }: CommandOptions,
  act: (payer: Payer) => Promise<Result>,
): Promise<Result> {
  const visited = await member(values, signal)
  const account = await requireSigner(values, visited.login)
  const holder = await accountOf(visited)
  if (holder !== account.address)
    throw new KinmarkError('cli.key-other-account', { key: account.address, login: holder })
  const chain = await openChain(await chainPlace(visited), values)
  const folder = home('accounts', `${chain.chainId}-${chain.contracts.copyRegistry}-${account.address}`.toLowerCase())
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error) => {
    throw diskError(error, folder)
  })
  const unlock = lock(join(folder, 'lock'), folder)
  const { client, confirmations } = chain
  try {
    return await act({
      ...{ site: visited.site, chain, account, folder },
      async send(name, { call, done }) {
        const file = join(folder, name)
        const sending = async () => {
          const wanted = typeof call === 'function' ? await call() : call
          onProgress({ stage: 'wait', step: 'a block has the transaction', done: 0 })
          return wanted
        }
        return sendOnce({ client, account, file, signal, confirmations, call: sending, done }).catch((error) => {
          throw diskError(error, file)
        })
      },
    })
  } finally {
    unlock()
  }
}

/** Throws `cli.balance-low` where the account lacks USDC. */
export async function assertBalance({ chain, account: { address } }: Payer, needed: bigint): Promise<void> {
  const balance = await chain.client.readContract({
    address: chain.contracts.usd,
    abi: testUsdAbi,
    functionName: 'balanceOf',
    args: [address],
  })
  if (balance < needed) throw new KinmarkError('cli.balance-low', { account: address, needed, balance })
}

/** Whether `total` may be spent: `--max` says so, or whoever sits at the terminal. Throws `cli.above-max`, `cli.max-needed` and `cli.declined`. */
export async function confirm(
  total: bigint,
  what: string,
  values: Values,
  { say, ask }: Pick<CommandOptions, 'say' | 'ask'>,
): Promise<void> {
  say(what)
  const max = usdcOf(values, 'max')
  if (max !== undefined && total > max) throw new KinmarkError('cli.above-max', { total, max })
  if (max !== undefined) return
  if (!ask) throw new KinmarkError('cli.max-needed', { total })
  const answer = await ask(`Pay ${formatUsdc(total)} USDC? [y/N] `)
  if (!/^y(es)?$/i.test(answer.trim())) throw new KinmarkError('cli.declined')
}

/** The name under which something is done once. */
export function nameOf({ name = 'first' }: Values): string {
  if (!/^[\w-]{1,40}$/.test(name)) throw new KinmarkError('cli.name-invalid', { value: name })
  return name
}

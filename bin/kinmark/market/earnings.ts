import type { Address } from 'viem'
import { treasuryAbi } from '../../../lib/chain/generated'
import { formatUsdc } from '../../../lib/format/amounts'
import { formatShares } from '../../../lib/format/numbers'
import { formatDateTime } from '../../../lib/format/times'
import { plainLine } from '../../../lib/manifest/plain-line'
import type { CommandOptions, CommandResult, Values } from '../options'
import { columns } from '../table'
import { type MarketChain, openChain } from './chain'
import { accountNamed, chainPlace, visit } from './login-file'
import type { Site } from './site'

const shownLines = 10

/** What an account earned: by model from the index, and what it can claim now from the chain. */
export async function earnings(
  account: string | undefined,
  values: Values,
  { signal }: CommandOptions,
): Promise<CommandResult> {
  const visited = await visit(values, signal)
  const { site } = visited
  const subject = await accountNamed(visited, account)
  const chain = await openChain(await chainPlace(visited), values)
  const due = await dueTo(site, chain, subject)
  const { items: lines } = await site.api.get('listAccountEarnings', { account: subject, limit: shownLines })
  const usdc = (amount: bigint | string) => `${formatUsdc(BigInt(amount))} USDC`
  const rows = due.models.map(({ model, name, shares, earned, claimed, claimable }) => [
    `${model}: ${plainLine(name)}`,
    `${formatShares(BigInt(shares))} shares`,
    `model earned ${usdc(earned)}`,
    `claimed ${usdc(claimed)}`,
    `to claim ${usdc(claimable)}`,
  ])
  const latest = lines.map(({ at, model, kind, amount }) => [formatDateTime(at), `model ${model}`, kind, usdc(amount)])
  const text = [
    rows.length > 0 ? columns(rows) : `${subject} holds no shares.`,
    ...(due.credit > 0n ? [`Credit for other work: ${usdc(due.credit)}`] : []),
    ...(latest.length > 0 ? ['', columns(latest)] : []),
    '',
    `To claim now: ${usdc(due.total)}`,
  ].join('\n')
  const json = {
    account: subject,
    models: due.models.map((model) => ({ ...model, claimable: String(model.claimable) })),
    ...{ credit: String(due.credit), total: String(due.total), lines },
  }
  return { text, json, yes: true }
}

/** What an account can claim: of each model that it holds or held, and its credit. USDC of 6 decimals. */
export async function dueTo(site: Site, { client, contracts }: MarketChain, account: Address) {
  const { items } = await site.api.get('listHoldings', { account })
  const treasury = { address: contracts.treasury, abi: treasuryAbi } as const
  const credit = await client.readContract({ ...treasury, functionName: 'credit', args: [account] })
  const models = await Promise.all(
    items.map(async (held) => ({
      ...held,
      claimable: await client.readContract({
        ...treasury,
        functionName: 'claimable',
        args: [BigInt(held.model), account],
      }),
    })),
  )
  return { models, credit, total: models.reduce((sum, { claimable }) => sum + claimable, credit) }
}

import type { Page } from '@playwright/test'
import type { Address } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { caseCourtAbi, modelGovernorAbi, modelRegistryAbi, modelSharesAbi, originsAbi } from '../../lib/chain/generated'
import { shortAddress } from '../../lib/format/addresses'
import { parseUsdc } from '../../lib/format/parse-usdc'
import {
  allowBonds,
  chain,
  controllerOf,
  countOf,
  createGovernor,
  deployment,
  faucet,
  passSeconds,
  registerChild,
  sendShares,
  sharesOf,
} from '../chain'
import { convictChild } from '../courts'
import { checkScreen } from '../look'
import { expect, type Person, signIn, test } from '../wallet'
import { play, publish, type Row } from './play'

const account = (one: Person): Address => one.wallet.account.address
const newAddress = () => privateKeyToAccount(generatePrivateKey()).address
const day = 86_400n

test(
  'error: parents, decisions, majorities and bonds of a model: each write happens once, whatever the wallet does',
  { tag: '@time' },
  async ({ person }, info) => {
    const [maker, hider, holder] = [await person(), await person(), await person()]
    const { caseCourt, origins, modelRegistry } = deployment().contracts
    const elder = await publish(maker, info.outputPath('elder'))
    const child = await publish(hider, info.outputPath('child'))
    await faucet(hider.wallet.account, parseUsdc('1000'))
    await allowBonds(hider.wallet.account, 'origins')
    const grandchild = await registerChild(hider.wallet.account, child)
    await faucet(maker.wallet.account, parseUsdc('1000'))
    await allowBonds(maker.wallet.account, 'caseCourt')
    const opened = {
      address: caseCourt,
      abi: caseCourtAbi,
      eventName: 'Opened',
      args: { subject: child, opener: account(maker) },
    } as const
    await play('origin', 'parentCaseWrite', maker, {
      path: `/models/${child}#origin`,
      name: 'Open a case with 51.00 USDC',
      fill: async (page) => {
        await page.getByLabel('It descends from model').fill(String(elder))
        await page.getByLabel('Where your evidence is').fill('https://evidence.example/3')
      },
      event: opened,
      done: (page) => expect(page.getByRole('link', { name: /^Case \d+$/ })).toBeVisible(),
    })
    const [{ args: filed }] = await chain.getContractEvents({ ...opened, fromBlock: 0n })
    await convictChild(filed.id as bigint, hider.wallet.account, 0n)
    const entered = { address: origins, abi: originsAbi, eventName: 'AncestorEntered' } as const
    const carried = { ...entered, args: { id: grandchild, ancestor: elder } }
    await maker.page.goto(`/models/${child}#origin`)
    await expect(async () => {
      await maker.page.reload()
      await expect(maker.page.getByText('Entered ancestors')).toBeVisible({ timeout: 5_000 })
    }).toPass()
    await play('origin', 'carryWrite', maker, {
      path: `/models/${child}#origin`,
      name: 'Enter it there',
      fill: (page) => page.getByLabel('Models down to the descendant').fill(String(grandchild)),
      event: carried,
      done: () => expect.poll(() => countOf(carried)).toBe(1),
    })
    await checkScreen(maker.page, { name: 'model-entered', path: `/models/${child}#origin` }, info)
    const minter = newAddress()
    await play('origin', 'decisionWrite', maker, {
      path: `/models/${elder}#control`,
      name: 'Decide',
      fill: (page) => page.getByLabel('Minter', { exact: true }).fill(minter),
      event: { address: modelRegistry, abi: modelRegistryAbi, eventName: 'MinterNamed', args: { id: elder, minter } },
      done: (page) => expect(page.getByText(shortAddress(minter))).toBeVisible(),
    })
    await faucet(holder.wallet.account, 0n)
    await sendShares(maker.wallet.account, elder, account(holder), 600_000n)
    await holder.page.goto(`/models/${elder}`)
    await signIn(holder.page)
    await play('origin', 'announceWrite', holder, {
      path: `/models/${elder}#control`,
      name: 'Announce your majority',
      event: {
        address: await sharesOf(elder),
        abi: modelSharesAbi,
        eventName: 'MajorityAnnounced',
        args: { holder: account(holder) },
      },
    })
    // The bond of a local chain’s models is locked for fifteen hours.
    await passSeconds(16n * 3_600n)
    await play('origin', 'originBondWrite', maker, {
      path: `/models/${elder}#origin`,
      name: 'Return the bond',
      event: { address: origins, abi: originsAbi, eventName: 'BondClaimed', args: { id: elder } },
    })
  },
)

test(
  'error: holders propose, vote, queue and execute once, whatever the wallet does',
  { tag: '@time' },
  async ({ person }, info) => {
    const [creator, holder] = [await person(), await person()]
    const { origins, modelRegistry } = deployment().contracts
    const model = await publish(creator, info.outputPath('shared'))
    await faucet(creator.wallet.account, parseUsdc('1000'))
    await faucet(holder.wallet.account, 0n)
    await allowBonds(creator.wallet.account, 'origins')
    await sendShares(creator.wallet.account, model, account(holder), 500_000n)
    const governor = await createGovernor(creator.wallet.account, model)
    expect(await controllerOf(model)).toBe(governor)
    const path = `/models/${model}#control`
    const minter = newAddress()
    const event = (eventName: string, args: object = {}) =>
      ({ address: governor, abi: modelGovernorAbi, eventName, args }) as Row['event']
    await play('votes', 'putUpBondWrite', creator, {
      path: `/models/${model}#origin`,
      name: /^Put up 100\.00 USDC$/,
      event: {
        address: origins,
        abi: originsAbi,
        eventName: 'BondWaits',
        args: { id: model, owner: account(creator) },
      },
    })
    await play('votes', 'proposeWrite', creator, {
      path,
      name: 'Propose it',
      fill: async (page) => {
        await page.getByLabel('Minter', { exact: true }).fill(minter)
        await page.getByLabel('Why', { exact: true }).fill('It answers faster.')
      },
      event: event('ProposalCreated'),
      done: (page) => expect(page.getByText('It answers faster.')).toBeVisible(),
    })
    await passSeconds(day + 60n)
    await holder.page.goto(path)
    await signIn(holder.page)
    await play('votes', 'castVoteWrite', holder, {
      path,
      name: 'Vote for it',
      event: event('VoteCast', { voter: account(holder) }),
      done: (page) => expect(page.getByText('You have voted.')).toBeVisible(),
    })
    const ready = (page: Page) => page.getByText('You have voted.').waitFor()
    await checkScreen(holder.page, { name: 'model-votes', path, ready }, info)
    await passSeconds(7n * day)
    await play('votes', 'ballot: queue', holder, { path, name: 'Queue it', event: event('ProposalQueued') })
    await passSeconds(3n * day)
    await play('votes', 'ballot: execute', holder, { path, name: 'Execute it', event: event('ProposalExecuted') })
    const named = {
      address: modelRegistry,
      abi: modelRegistryAbi,
      functionName: 'minterNamed',
      args: [model, minter],
    } as const
    expect(await chain.readContract(named)).toBe(true)
  },
)

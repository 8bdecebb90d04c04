import type { Address } from 'viem'
import { caseCourtAbi, modelSharesAbi, originsAbi } from '../../lib/chain/generated'
import { parseUsdc } from '../../lib/format/parse-usdc'
import { allowBonds, deployment, faucet, passSeconds, sendShares, sharesOf } from '../chain'
import { expect, type Person, signIn, test } from '../wallet'
import { play, publish } from './play'

test(
  'error: parents, majorities and bonds of a model: each write happens once, whatever the wallet does',
  { tag: '@time' },
  async ({ person }, info) => {
    test.setTimeout(600_000)
    const [maker, hider, holder] = [await person(), await person(), await person()]
    const { caseCourt, origins } = deployment().contracts
    const account = (one: Person): Address => one.wallet.account.address
    const elder = await publish(maker, info.outputPath('elder'))
    const child = await publish(hider, info.outputPath('child'))
    await faucet(maker.wallet.account, parseUsdc('1000'))
    await allowBonds(maker.wallet.account, 'caseCourt')
    await play('origin', 'parentCaseWrite', maker, {
      path: `/models/${child}#origin`,
      name: 'Open a case with 51.00 USDC',
      fill: async (page) => {
        await page.getByLabel('It descends from model').fill(String(elder))
        await page.getByLabel('Where your evidence is').fill('https://evidence.example/3')
      },
      event: {
        address: caseCourt,
        abi: caseCourtAbi,
        eventName: 'Opened',
        args: { subject: child, opener: account(maker) },
      },
      done: (page) => expect(page.getByRole('link', { name: /^Case \d+$/ })).toBeVisible(),
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

import { caseCourtAbi } from '../../lib/chain/generated'
import { parseUsdc } from '../../lib/format/parse-usdc'
import { allowBonds, chain, deployment, faucet } from '../chain'
import { acceptance, caseOf, commitAll, jurorsOf, keysOpened, passUntil, revealAll, roundOf, takeStep } from '../courts'
import { buy } from '../steps'
import { expect, signIn, test } from '../wallet'
import { play, type Row, tiny } from './play'

test('error: every step of a case is taken once, whatever the wallet does', { tag: '@time' }, async ({ person }) => {
  const [buyer, finder, second, clerk] = [await person(), await person(), await person(), await person()]
  const { caseCourt: address } = deployment().contracts
  const court = (eventName: string, args: object) => ({ address, abi: caseCourtAbi, eventName, args }) as Row['event']
  await buyer.page.goto(`/models/${tiny}`)
  await signIn(buyer.page)
  const copy = BigInt(await buy(buyer, parseUsdc('1000')))
  await buyer.page.getByRole('button', { name: 'Accept the copy' }).click()
  await expect(buyer.page.getByRole('status', { name: 'State' })).toHaveText(/active/)
  for (const { page, wallet } of [finder, second, clerk]) {
    await faucet(wallet.account, parseUsdc('1000'))
    await page.goto(`/copies/${copy}`)
    await signIn(page)
  }
  for (const { wallet } of [buyer, finder, second]) await allowBonds(wallet.account, 'caseCourt')

  await play('trial', 'openCaseWrite', finder, {
    path: `/copies/${copy}`,
    name: 'Open a case with 51.00 USDC',
    fill: async (page) => {
      await page.getByLabel('What was tested').fill('https://leak.example/v1')
      await page.getByLabel('Where your evidence is').fill('https://evidence.example/1')
    },
    event: court('Opened', { subject: copy, opener: finder.wallet.account.address }),
    done: (page) => expect(page.getByRole('link', { name: /^Case \d+$/ })).toBeVisible(),
  })
  await finder.page.goto(`/copies/${copy}`)
  const id = BigInt((await finder.page.getByRole('link', { name: /^Case \d+$/ }).innerText()).replace('Case ', ''))
  const path = `/cases/${id}`
  await play('trial', 'joinWrite', second, {
    path,
    name: 'Join with a bond',
    fill: (page) => page.getByLabel('Where your evidence is').fill('https://evidence.example/2'),
    event: court('Joined', { id, opener: second.wallet.account.address }),
  })
  await play('trial', 'answerWrite', buyer, {
    path,
    name: 'Answer',
    fill: (page) => page.getByLabel('Your answer').fill('It was not me.'),
    event: court('Answered', { id }),
  })
  await chain.mine({ blocks: 3 })
  await play('trial', 'case: draw', clerk, { path, name: 'Draw the panel', event: court('Drawn', { id }) })

  const first = await roundOf(id, 0)
  const [juror] = jurorsOf(first)
  const voter = await person(juror)
  await voter.page.goto(path)
  await signIn(voter.page)
  const vote = await acceptance(id)
  await play('trial', 'commitWrite', voter, {
    path,
    name: 'Accept',
    fill: (page) => page.getByLabel('Evidence', { exact: true }).fill(String(vote.finding / 1000)),
    event: court('VoteCommitted', { id, juror: juror.address }),
    done: (page) => expect(page.getByText('Your vote is cast.')).toBeVisible(),
  })
  await commitAll({ id, round: 0, vote, except: juror })
  await passUntil(first.commitUntil)
  await play('trial', 'revealWrite', voter, {
    path,
    name: 'Reveal your vote',
    event: court('VoteRevealed', { id, juror: juror.address }),
  })
  await revealAll({ id, round: 0, vote, except: juror })
  await keysOpened(copy, first.eighth)
  await passUntil(first.revealUntil)
  await play('trial', 'case: rule', clerk, { path, name: 'Count the votes', event: court('Ruled', { id }) })
  await play('trial', 'case: appeal', buyer, { path, name: 'Appeal', event: court('Appealed', { id }) })

  await test.step('a larger panel agrees', async () => {
    await chain.mine({ blocks: 3 })
    await takeStep(clerk.wallet.account, id, 'draw')
    const round = await roundOf(id, 1)
    await commitAll({ id, round: 1, vote })
    await passUntil(round.commitUntil)
    await revealAll({ id, round: 1, vote })
    await passUntil(round.revealUntil)
    await takeStep(clerk.wallet.account, id, 'rule')
    await passUntil((await caseOf(id)).closesAfter)
  })
  await play('trial', 'case: close', clerk, { path, name: 'Close the case', event: court('CaseClosed', { id }) })
  await play('trial', 'courtClaimWrite', finder, {
    path,
    name: 'Claim',
    event: court('Paid', { account: finder.wallet.account.address }),
  })
})

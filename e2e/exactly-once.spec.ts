import type { Page } from '@playwright/test'
import type { Address } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { CaseStep } from '../lib/chain/case'
import type { CopyAction } from '../lib/chain/copy'
import {
  caseCourtAbi,
  copyRegistryAbi,
  modelSharesAbi,
  originsAbi,
  treasuryAbi,
  usageLedgerAbi,
  userLedgerAbi,
} from '../lib/chain/generated'
import { parseUsdc } from '../lib/format/parse-usdc'
import {
  allowBonds,
  chain,
  countOf,
  deployment,
  faucet,
  nameMinter,
  orderGarbage,
  ordersOf,
  originBond,
  passAnswerWindow,
  passSeconds,
  protocolSeconds,
  registrationsOf,
  rpcUrl,
  send,
  sendShares,
  sharesOf,
} from './chain'
import {
  acceptance,
  caseOf,
  commitAll,
  commitKnownPool,
  jurorsOf,
  keysOpened,
  passUntil,
  revealAll,
  roundOf,
  takeStep,
} from './courts'
import { buy, copyModel, signAndPublish, uniqueName, upload } from './steps'
import { expect, type Person, signIn, test } from './wallet'
import { check, click, doing, failure, isOffered, never, type Scene, undone, unknownHash, whims } from './whims'

/** Every write that a page sends. A new one does not compile until it has its row below. */
type Builders = typeof import('../lib/chain/writes/build') & typeof import('../lib/chain/writes/build-case')
type WriteName =
  | 'orderWrite'
  | Exclude<keyof Builders, 'copyWrite' | 'stepWrite'>
  // A minter’s program stands by a delivery: no page offers it.
  | `copy: ${Exclude<CopyAction, 'standBy'>}`
  | `case: ${CaseStep}`

/** The scenes in which each write is tried with every whim, in the order in which they can happen. */
const acts = {
  order: ['orderWrite'],
  registration: ['registerWrite'],
  copy: ['copy: accept', 'copy: close', 'copy: withdraw'],
  refusal: ['refuseWrite', 'copy: refund', 'claimWrite'],
  trial: [
    'openCaseWrite',
    'joinWrite',
    'answerWrite',
    'case: draw',
    'commitWrite',
    'revealWrite',
    'case: rule',
    'case: appeal',
    'case: close',
    'courtClaimWrite',
  ],
  origin: ['parentCaseWrite', 'announceWrite', 'originBondWrite'],
  paying: ['openSessionWrite', 'requestReleaseWrite', 'releaseWrite', 'withdrawWrite'],
  hosting: ['openDeploymentWrite', 'prepayFeesWrite', 'closeDeploymentWrite'],
} as const satisfies Record<string, readonly WriteName[]>

type Listed = (typeof acts)[keyof typeof acts][number]
type Played = [Exclude<WriteName, Listed>] extends [never] ? Listed : never

test.describe.configure({ mode: 'parallel' })

const tiny = 1

async function orderScene(person: Person): Promise<Scene> {
  const { page, wallet } = person
  await faucet(wallet.account, parseUsdc('1000'))
  const button = (page: Page) => page.getByRole('main').getByRole('button', { name: /Sign and pay/ })
  const open = async (page: Page) => {
    await page.goto(`/models/${tiny}/buy`)
    // A page that finds its payment goes on to the copy at once.
    await Promise.any([page.getByText('enough for').waitFor(), opensCopy(page)])
  }
  await page.goto(`/models/${tiny}/buy`)
  await signIn(page)
  await expect(button(page)).toBeEnabled()
  return { person, open, button, count: () => ordersOf(wallet.account.address), pays: true }
}

const opensCopy = (page: Page) => page.waitForURL(/\/copies\/\d+$/)

for (const [name, whim] of Object.entries(whims))
  test(`error: an order whose wallet ${name} is paid at most once`, async ({ person }) => {
    const scene = await orderScene(await person())
    const { page } = scene.person
    const landed = await check(scene, whim, opensCopy)
    if (landed === 1) {
      await scene.open(page)
      const owned = page.getByRole('link', { name: /You already have copy \d+/ })
      await Promise.any([opensCopy(page), owned.or(scene.button(page)).waitFor()])
      // A page that believed in a cancellation finds out when it is asked again.
      if (await isOffered(scene.button(page))) {
        await scene.button(page).click()
        await Promise.any([opensCopy(page), owned.waitFor()])
      }
    }
    expect(await scene.count()).toBe(landed)
  })

test('error: two tabs pay at the same moment: one order', async ({ person }) => {
  const scene = await orderScene(await person())
  const { page, context } = scene.person
  const other = await context.newPage()
  await scene.open(other)
  await expect(scene.button(other)).toBeEnabled()
  await Promise.all([page, other].map((tab) => scene.button(tab).evaluate((button: HTMLElement) => button.click())))
  await Promise.any([page, other].map(opensCopy))
  await expect.poll(scene.count).toBe(1)
  for (const tab of [page, other]) {
    await scene.open(tab)
    await expect(tab.getByRole('link', { name: /You already have copy \d+/ })).toBeVisible()
  }
  expect(await scene.count()).toBe(1)
})

test('error: a payment that went astray is offered again once it can no longer be paid, and then refused', async ({
  person,
}) => {
  const scene = await orderScene(await person())
  const { page } = scene.person
  const astray = await click(scene, async () => unknownHash)
  await expect(page.getByText('The chain does not know this transaction')).toBeVisible()
  await expect(scene.button(page)).toBeDisabled()
  await makeLater(page, 17 * 60)
  await expect(page.getByText('It came too late, and nothing was paid')).toBeVisible()
  await scene.button(page).click()
  await opensCopy(page)
  await expect(astray.broadcast()).rejects.toThrow()
  expect(await scene.count()).toBe(1)
  // The page may still be asking.
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

/** Shows a page the chain as it will be so many seconds later. The chain’s own clock is every spec’s. */
async function makeLater(page: Page, seconds: number): Promise<void> {
  await page.route(`${rpcUrl}/**`, async (route) => {
    const response = await route.fetch()
    const answer = await response.json()
    if (answer.result?.timestamp)
      answer.result.timestamp = `0x${(Number(answer.result.timestamp) + seconds).toString(16)}`
    await route.fulfill({ response, json: answer })
  })
}

for (const [name, sign] of [
  ['declines', async () => Promise.reject(failure(4001, 'User rejected the request.'))],
  ['fails', async () => Promise.reject(failure(-32603, 'Internal error'))],
] as const)
  test(`error: a wallet that ${name} at the permit`, async ({ person }) => {
    const scene = await orderScene(await person())
    const { page, wallet } = scene.person
    wallet.onSign = sign
    await scene.button(page).click()
    await expect(page.getByRole('main').getByRole('alert')).toContainText(/declined|internal error/)
    wallet.onSign = undefined
    expect(await scene.count()).toBe(0)
    await expect(scene.button(page)).toBeEnabled()
  })

test('error: a page that is closed at the permit', async ({ person }) => {
  const scene = await orderScene(await person())
  const { page, wallet } = scene.person
  wallet.onSign = never
  await scene.button(page).click()
  await expect(page.getByText('Confirm in your wallet')).toBeVisible()
  wallet.onSign = undefined
  await scene.open(page)
  await expect(scene.button(page)).toBeEnabled()
  expect(await scene.count()).toBe(0)
})

test('error: a wallet that is on another network is not asked to pay', async ({ person }) => {
  const scene = await orderScene(await person())
  const { page, wallet } = scene.person
  wallet.chainId = 1
  await page.reload()
  await expect(page.getByText('Your wallet is on network 1')).toBeVisible()
  await expect(scene.button(page)).toBeHidden()
})

type Row = {
  path: string
  name: string | RegExp
  /** Opens what is folded. */
  unfold?: (page: Page) => Promise<unknown>
  /** Fills in what the button needs. */
  fill?: (page: Page) => Promise<unknown>
  confirm?: Scene['confirm']
  /** How often it has happened, by its event. */
  event: Parameters<typeof countOf>[0]
  /** Shown, or gone, once the page knows that it has happened. */
  done?: (page: Page) => Promise<unknown>
}

/** Plays one write of an act: with every whim that leaves it undone, then with one that does it. It happens once. */
async function play(act: keyof typeof acts, write: Played, person: Person, row: Row): Promise<void> {
  await test.step(write, async () => {
    const at = [...acts[act]].indexOf(write as never)
    expect(at, `${write} belongs to the act “${act}”`).toBeGreaterThanOrEqual(0)
    const button = (page: Page) => page.getByRole('main').getByRole('button', { name: row.name, exact: true })
    const open = async (page: Page) => {
      // Also where only the fragment differs, it is loaded again.
      await page.goto('about:blank')
      await page.goto(row.path)
      // A page offers no write that has happened already.
      const offered = async () => {
        await row.unfold?.(page)
        await button(page).waitFor({ timeout: 5_000 })
        await row.fill?.(page)
      }
      await offered().catch(() => undefined)
    }
    const scene = { person, open, button, confirm: row.confirm, count: () => countOf(row.event), pays: false }
    const happened = row.done ?? ((page: Page) => expect(button(page)).toBeHidden())
    const before = await scene.count()
    await open(person.page)
    await expect(button(person.page)).toBeEnabled()
    for (const whim of undone) expect(await check(scene, whims[whim], async () => undefined), whim).toBe(0)
    const whim = doing[at % doing.length]
    expect(await check(scene, whims[whim], happened), whim).toBe(1)
    // A request that this wallet has not answered stays unanswered in the next scene too.
    await open(person.page)
    expect(await scene.count(), 'in all').toBe(before + 1)
  })
}

const copyEvent = (
  eventName: 'Accepted' | 'Closing' | 'CollateralReturned' | 'DeliveryRefused' | 'Refunded',
  id: bigint,
) => ({ address: deployment().contracts.copyRegistry, abi: copyRegistryAbi, eventName, args: { id } }) as const

test('error: a model is registered once, whatever the wallet does', async ({ person }, info) => {
  test.setTimeout(400_000)
  const creator = await person()
  const { page, wallet } = creator
  await faucet(wallet.account, 3n * originBond)
  await allowBonds(wallet.account, 'origins')
  const folder = info.outputPath('model')
  copyModel('tiny', folder, `# ${uniqueName('once')}\nA model.\n`)
  await page.goto('/publish')
  await signIn(page)
  await upload(page, folder)
  const button = (page: Page) => page.getByRole('button', { name: 'Sign and publish' })
  const open = async (page: Page) => {
    await page.goto('/publish')
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(button(page)).toBeEnabled()
  }
  const count = () => registrationsOf(wallet.account.address)
  const scene = { person: creator, open, button, count, pays: false }
  await expect(button(page)).toBeEnabled()
  for (const whim of undone) expect(await check(scene, whims[whim], async () => undefined), whim).toBe(0)
  const happened = (page: Page) => page.waitForURL(/\/models\/\d+$/)
  expect(await check(scene, whims['speeds up while the page is open'], happened)).toBe(1)
})

test('error: a registration that a wallet sends late is found before another bond is locked', async ({
  person,
}, info) => {
  const creator = await person()
  const { page, wallet } = creator
  await faucet(wallet.account, 3n * originBond)
  await allowBonds(wallet.account, 'origins')
  const folder = info.outputPath('model')
  copyModel('tiny', folder, `# ${uniqueName('late')}\nA model.\n`)
  await page.goto('/publish')
  await signIn(page)
  await upload(page, folder)
  const button = page.getByRole('button', { name: 'Sign and publish' })
  const count = () => registrationsOf(wallet.account.address)
  await expect(button).toBeEnabled()
  const scene = { person: creator, open: async () => undefined, button: () => button, count, pays: false }
  const { broadcast } = await click(scene, async () => {
    throw failure(-32603, 'Internal error')
  })
  await expect(page.getByText('did not say whether it sent this').first()).toBeVisible()
  // The page looks at the chain twice a second. Here it does not look between the wallet and the person.
  await page.route(`${rpcUrl}/**`, async (route) => {
    if (route.request().postData()?.includes('eth_getLogs')) await new Promise((done) => setTimeout(done, 3_000))
    await route.continue()
  })
  await broadcast()
  await button.click()
  await page.waitForURL(/\/models\/\d+$/)
  expect(await count()).toBe(1)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('error: a copy is accepted, closed and emptied once, whatever the wallet does', { tag: '@time' }, async ({
  person,
}) => {
  test.setTimeout(600_000)
  const buyer = await person()
  const { page } = buyer
  await page.goto(`/models/${tiny}`)
  await signIn(page)
  const id = BigInt(await buy(buyer, parseUsdc('1000')))
  const path = `/copies/${id}`
  await play('copy', 'copy: accept', buyer, { path, name: 'Accept the copy', event: copyEvent('Accepted', id) })
  const confirm = (page: Page) => page.getByRole('button', { name: 'Close copy', exact: true }).click()
  await play('copy', 'copy: close', buyer, { path, name: 'Close the copy', confirm, event: copyEvent('Closing', id) })
  await passSeconds(1n + (await protocolSeconds('thaw')))
  const done = (page: Page) => expect(page.getByRole('status', { name: 'State' })).toHaveText('closed')
  const event = copyEvent('CollateralReturned', id)
  await play('copy', 'copy: withdraw', buyer, { path, name: 'Withdraw collateral', event, done })
})

/** Somebody publishes a model whose key pool is known here; returns its id. */
async function publish({ page, wallet }: Person, folder: string): Promise<bigint> {
  await faucet(wallet.account, originBond)
  copyModel('tiny', folder, `# ${uniqueName('played')}\nA model.\n`)
  await page.goto('/publish')
  if (await page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).isVisible()) await signIn(page)
  await upload(page, folder)
  const id = BigInt(await signAndPublish(page))
  await commitKnownPool(wallet.account, id)
  return id
}

test(
  'error: a delivery is refused, refunded and its penalty claimed once, whatever the wallet does',
  { tag: '@time' },
  async ({ person }, info) => {
    test.setTimeout(600_000)
    const [creator, buyer] = [await person(), await person()]
    const minter = privateKeyToAccount(generatePrivateKey())
    const { account } = buyer.wallet
    const model = await publish(creator, info.outputPath('model'))
    await nameMinter(creator.wallet.account, model, minter)
    await faucet(account, parseUsdc('75'))
    const id = await orderGarbage(account, model, minter)
    const { page } = buyer
    const listed = async () => (await page.request.get(`/api/copies/${id}`)).status()
    await expect.poll(listed, { timeout: 60_000 }).toBe(200)
    const path = `/copies/${id}`
    await page.goto(path)
    await signIn(page)

    const unfold = (page: Page) => page.getByText('Refuse this delivery').click({ timeout: 5_000 })
    const fill = async (page: Page) => {
      await page.getByLabel('Nothing with the delivery’s hash is at its address', { exact: false }).check()
      const form = page.getByRole('region', { name: 'Is something wrong?' })
      await form.getByLabel('Evidence').fill('There is no host at files.example.')
    }
    await play('refusal', 'refuseWrite', buyer, {
      path,
      name: 'Refuse the delivery',
      unfold,
      fill,
      event: copyEvent('DeliveryRefused', id),
    })
    await passAnswerWindow()
    await play('refusal', 'copy: refund', buyer, { path, name: 'Request refund', event: copyEvent('Refunded', id) })
    const { treasury: address } = deployment().contracts
    await play('refusal', 'claimWrite', buyer, {
      path: '/earnings',
      name: 'Claim all',
      event: { address, abi: treasuryAbi, eventName: 'CreditClaimed', args: { account: account.address } },
      done: (page) => expect(page.getByText(/Claimed in block/)).toBeVisible(),
    })
  },
)

test('error: every step of a case is taken once, whatever the wallet does', { tag: '@time' }, async ({ person }) => {
  test.setTimeout(900_000)
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

test('error: each write of a host and of its user happens once, whatever the wallet does', { tag: '@time' }, async ({
  person,
}) => {
  test.setTimeout(900_000)
  const [host, user] = [await person(), await person()]
  const { contracts } = deployment()
  const usage = (eventName: string, args: object) =>
    ({ address: contracts.usageLedger, abi: usageLedgerAbi, eventName, args }) as Row['event']
  const users = (eventName: string, args: object) =>
    ({ address: contracts.userLedger, abi: userLedgerAbi, eventName, args }) as Row['event']
  await host.page.goto(`/models/${tiny}`)
  await signIn(host.page)
  const copy = BigInt(await buy(host, parseUsdc('1000')))
  await host.page.getByRole('button', { name: 'Accept the copy' }).click()
  await expect(host.page.getByRole('status', { name: 'State' })).toHaveText(/active/)

  const operator = privateKeyToAccount(generatePrivateKey()).address
  await play('hosting', 'openDeploymentWrite', host, {
    path: '/hosting',
    name: 'Open the deployment',
    fill: async (page) => {
      await page.getByLabel('Public address').fill('http://127.0.0.1:9/v1')
      await page.getByLabel('Operator key').fill(operator)
    },
    event: usage('DeploymentOpened', { copyId: copy, operator }),
  })
  await allowBonds(host.wallet.account, 'usageLedger')
  await play('hosting', 'prepayFeesWrite', host, {
    path: '/hosting',
    name: 'Prepay',
    event: usage('Deposited', { copyId: copy, payer: host.wallet.account.address }),
    done: (page) => expect(page.getByText(/Prepaid in block/)).toBeVisible(),
  })

  const { account } = user.wallet
  await faucet(account, parseUsdc('10'))
  await allowBonds(account, 'userLedger')
  const ledger = { address: contracts.userLedger, abi: userLedgerAbi } as const
  await send(account, { ...ledger, functionName: 'deposit', args: [parseUsdc('2')] })
  const path = `/hosts/${copy}/1`
  await user.page.goto(path)
  await signIn(user.page)
  const mine = { copyId: copy, user: account.address }
  await play('paying', 'openSessionWrite', user, {
    path,
    name: 'Reserve and start',
    event: users('KeyNamed', mine),
    done: (page) => expect(page.getByLabel('Your message')).toBeVisible(),
  })
  const reserved = { ...ledger, functionName: 'reservations', args: [copy, account.address] } as const
  expect(await chain.readContract(reserved)).toMatchObject({ amount: parseUsdc('1') })
  await play('paying', 'requestReleaseWrite', user, {
    path,
    name: 'Ask for the rest back',
    event: users('ReleaseRequested', mine),
  })
  const { leavesAt } = await chain.readContract(reserved)
  await passUntil(BigInt(leavesAt))
  await play('paying', 'releaseWrite', user, {
    path,
    name: 'Return it to your deposit',
    event: users('Released', mine),
  })
  await play('paying', 'withdrawWrite', user, {
    path,
    name: 'Send the deposit to your wallet',
    event: users('Withdrawn', { account: account.address }),
  })
  await play('hosting', 'closeDeploymentWrite', host, {
    path: '/hosting',
    name: 'Close deployment 1',
    event: usage('DeploymentClosed', { copyId: copy, number: 1 }),
  })
})

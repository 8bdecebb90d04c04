import type { Locator, Page } from '@playwright/test'
import type { Hex } from 'viem'
import { parseUsdc } from '../lib/format/parse-usdc'
import {
  allowOriginBond,
  copyStateOf,
  drop,
  faucet,
  nonceOf,
  ordersOf,
  originBond,
  registrationsOf,
  rpcUrl,
  sendNothing,
} from './chain'
import { buy, copyModel, uniqueName, upload } from './steps'
import { type AskedTransaction, expect, feesOf, type Person, signIn, test } from './wallet'

test.describe.configure({ mode: 'parallel' })

const tiny = 1

/** One write of one person, wherever its page is. */
type Scene = {
  person: Person
  /** Opens the page on which the write is offered, or opens it again. */
  open: (page: Page) => Promise<void>
  button: (page: Page) => Locator
  /** Answers what the page asks before it asks the wallet. */
  confirm?: (page: Page) => Promise<void>
  /** How often the write has happened, by the chain. */
  count: () => Promise<number>
  /** Whether it takes money, so that it is not offered while an earlier one may still be paid. */
  pays: boolean
}

/** What happened after a wallet had its way. */
type End = {
  /** What the page says; it says that it happened by going on. */
  says: RegExp | 'happened'
  /** Whether the same may be done again. */
  offered: 'yes' | 'if harmless' | 'no'
  /** A transaction that is still somewhere. */
  later?: () => Promise<unknown>
}

type Whim = (scene: Scene) => Promise<End>

const never = () => new Promise<never>(() => {})
const failure = (code: number, message: string) => Object.assign(new Error(message), { code })
const unknownHash = `0x${'ab'.repeat(32)}` as const

/** Clicks, and returns the transaction that the wallet was asked for. `answer` makes the wallet’s answer of it. */
async function click(
  { person, button, confirm }: Scene,
  answer: (asked: AskedTransaction) => Promise<Hex>,
): Promise<AskedTransaction> {
  const { page, wallet } = person
  const asked = new Promise<AskedTransaction>((resolve) => {
    wallet.onSend = (transaction) => {
      wallet.onSend = undefined
      resolve(transaction)
      return answer(transaction)
    }
  })
  await button(page).click()
  await confirm?.(page)
  return asked
}

/** Sends with a nonce that leaves a gap, so that the transaction waits until `next` fills it. */
async function sendWaiting(scene: Scene) {
  const { page, wallet } = scene.person
  const { account } = wallet
  const gap = await nonceOf(account.address)
  const nonce = gap + 1
  const asked = await click(scene, (transaction) => transaction.broadcast({ nonce, gwei: 10 }))
  await expect(page.getByText('Sent. Waiting for a block.').first()).toBeVisible()
  // A person takes longer than the page’s first look, which learns the nonce.
  await page.waitForFunction(
    (nonce) => Object.values(localStorage).some((text) => text.includes(nonce)),
    `"nonce":${nonce}`,
  )
  return {
    speedUp: () => asked.broadcast({ nonce, gwei: 20 }),
    cancel: () => sendNothing(account, { nonce, ...feesOf(20) }),
    next: () => sendNothing(account, { nonce: gap, ...feesOf(20) }),
  }
}

async function leave({ person }: Scene, meanwhile: () => Promise<unknown>): Promise<void> {
  await person.page.goto('/method')
  await meanwhile()
}

const whims: Record<string, Whim> = {
  declines: async (scene) => {
    await click(scene, async () => {
      throw failure(4001, 'User rejected the request.')
    })
    return { says: /declined/, offered: 'yes' }
  },
  'reports a failure and sends nothing': async (scene) => {
    await click(scene, async () => {
      throw failure(-32603, 'Internal error')
    })
    return { says: /did not say whether it sent this/, offered: 'if harmless' }
  },
  'is closed unanswered, with its page': async (scene) => {
    await click(scene, never)
    await scene.open(scene.person.page)
    return { says: /did not say whether it sent this|^$/, offered: 'if harmless' }
  },
  'names a hash that no chain of ours knows': async (scene) => {
    await click(scene, async () => unknownHash)
    return { says: /The chain does not know this transaction/, offered: 'if harmless' }
  },
  'cancels while the page is open': async (scene) => {
    const { cancel, next } = await sendWaiting(scene)
    await cancel()
    await next()
    return { says: /Cancelled; nothing paid/, offered: 'yes' }
  },
  'cancels while the page is closed': async (scene) => {
    const { cancel, next } = await sendWaiting(scene)
    await leave(scene, async () => {
      await cancel()
      await next()
    })
    await scene.open(scene.person.page)
    return { says: /Cancelled; nothing paid/, offered: 'yes' }
  },
  'drops the transaction': async (scene) => {
    const { speedUp, next } = await sendWaiting(scene)
    await drop(scene.person.wallet.account.address)
    const later = async () => {
      await speedUp()
      await next()
    }
    return { says: /The network dropped this transaction/, offered: 'if harmless', later }
  },
  'names another transaction of the same account': async (scene) => {
    const asked = await click(scene, () => sendNothing(scene.person.wallet.account))
    return { says: /Cancelled; nothing paid/, offered: 'yes', later: () => asked.broadcast({ gwei: 20 }) }
  },
  'reports a failure and sends all the same': async (scene) => {
    await click(scene, async ({ broadcast }) => {
      await broadcast()
      throw failure(-32603, 'Internal error')
    })
    return { says: 'happened', offered: 'no' }
  },
  'sends and never answers': async (scene) => {
    await click(scene, async ({ broadcast }) => {
      await broadcast()
      return never()
    })
    return { says: 'happened', offered: 'no' }
  },
  'sends after its page was closed': async (scene) => {
    const { broadcast } = await click(scene, never)
    await leave(scene, broadcast)
    await scene.open(scene.person.page)
    return { says: 'happened', offered: 'no' }
  },
  'speeds up while the page is open': async (scene) => {
    const { speedUp, next } = await sendWaiting(scene)
    await speedUp()
    await next()
    return { says: 'happened', offered: 'no' }
  },
  'speeds up while the page is closed': async (scene) => {
    const { speedUp, next } = await sendWaiting(scene)
    await leave(scene, async () => {
      await speedUp()
      await next()
    })
    await scene.open(scene.person.page)
    return { says: 'happened', offered: 'no' }
  },
}

const isOffered = async (button: Locator) => (await button.count()) > 0 && button.isEnabled()

/** Lets a wallet have its way, then asks every tab for the same again, and counts on the chain. */
async function check(scene: Scene, whim: Whim, happened: (page: Page) => Promise<unknown>): Promise<number> {
  const { person, open, button, pays } = scene
  const before = await scene.count()
  const { says, offered, later } = await whim(scene)
  const mayRepeat = offered === 'yes' || (offered === 'if harmless' && !pays)
  if (says === 'happened') await happened(person.page)
  else {
    if (!says.test('')) await expect(person.page.getByRole('main')).toContainText(says, { timeout: 30_000 })
    await expect.poll(() => isOffered(button(person.page))).toBe(mayRepeat)
    expect(await scene.count()).toBe(before)
  }
  const other = await person.context.newPage()
  if (says !== 'happened' && !mayRepeat) {
    await open(other)
    await expect(other.getByRole('main')).toContainText(says, { timeout: 30_000 })
    await expect(button(other)).toBeDisabled()
  }
  await other.close()
  await later?.()
  return (await scene.count()) - before
}

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

/** Those that leave the write undone, then one that does it. */
const undone = [
  'declines',
  'reports a failure and sends nothing',
  'is closed unanswered, with its page',
  'names a hash that no chain of ours knows',
  'cancels while the page is open',
  'cancels while the page is closed',
]

test('error: a copy is accepted and closed once, whatever the wallet does', async ({ person }) => {
  test.slow()
  const buyer = await person()
  const { page } = buyer
  await page.goto(`/models/${tiny}`)
  await signIn(page)
  const id = await buy(buyer, parseUsdc('1000'))
  const scene = (name: string, state: number, confirm?: Scene['confirm']): Scene => {
    const button = (page: Page) => page.getByRole('main').getByRole('button', { name })
    const open = async (page: Page) => {
      await page.goto(`/copies/${id}`)
      await expect(page.getByText('Collateral').first()).toBeVisible()
    }
    const count = async () => Number((await copyStateOf(BigInt(id))) === state)
    return { person: buyer, open, button, confirm, count, pays: false }
  }
  const closeIt = (page: Page) => page.getByRole('button', { name: 'Close copy', exact: true }).click()
  for (const write of [scene('Accept the copy', 3), scene('Close the copy', 4, closeIt)]) {
    for (const whim of undone) expect(await check(write, whims[whim], async () => undefined), whim).toBe(0)
    const gone = (page: Page) => expect(write.button(page)).toBeHidden()
    expect(await check(write, whims['speeds up while the page is closed'], gone)).toBe(1)
  }
})

test('error: a model is registered once, whatever the wallet does', async ({ person }, info) => {
  const creator = await person()
  const { page, wallet } = creator
  await faucet(wallet.account, originBond)
  await allowOriginBond(wallet.account)
  const folder = info.outputPath('model')
  copyModel('tiny', folder, `# ${uniqueName('once')}\nA model.\n`)
  await page.goto('/publish')
  await signIn(page)
  await upload(page, folder)
  const button = (page: Page) => page.getByRole('button', { name: 'Sign and publish' })
  const scene: Scene = {
    person: creator,
    open: async (page) => {
      await page.goto('/publish')
      await page.getByRole('button', { name: 'Continue' }).click()
      await expect(button(page)).toBeEnabled()
    },
    button,
    count: () => registrationsOf(wallet.account.address),
    pays: false,
  }
  await expect(button(page)).toBeEnabled()
  for (const whim of undone.slice(0, 2)) expect(await check(scene, whims[whim], async () => undefined), whim).toBe(0)
  const happened = (page: Page) => page.waitForURL(/\/models\/\d+$/)
  expect(await check(scene, whims['speeds up while the page is open'], happened)).toBe(1)
})

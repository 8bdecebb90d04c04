import type { Locator, Page } from '@playwright/test'
import type { Address, Hex } from 'viem'
import { drop, nonceOf, sendNothing } from '../chain'
import { type AskedTransaction, expect, feesOf, homeChain, type Person } from '../wallet'

/** One write of one person, wherever its page is. */
export type Scene = {
  person: Person
  /** Opens the page on which the write is offered, or opens it again. */
  open: (page: Page) => Promise<void>
  /** Opens it when the write may have happened, so that it may be offered no more; like `open` without it. */
  openAfter?: (page: Page) => Promise<void>
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

export type Whim = (scene: Scene) => Promise<End>

/** So long a page may take to ask the wallet. */
const patienceMs = 60_000

export const never = () => new Promise<never>(() => {})
export const failure = (code: number, message: string) => Object.assign(new Error(message), { code })
export const unknownHash = `0x${'ab'.repeat(32)}` as const

/** Clicks, and returns the transaction that the wallet was asked for. `answer` makes the wallet’s answer of it. */
export async function click(
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
  const late = new Promise<never>((_, fail) => {
    setTimeout(() => fail(new Error('The page did not ask the wallet.')), patienceMs)
  })
  return Promise.race([asked, late])
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
    next: async () => {
      await sendNothing(account, { nonce: gap, ...feesOf(20) })
      await reachesNonce(account.address, nonce + 1)
    },
  }
}

/** Until a block has what the account sent: the node answers before it makes one. */
const reachesNonce = (account: Address, nonce: number) =>
  expect.poll(() => nonceOf(account)).toBeGreaterThanOrEqual(nonce)

async function leave({ person }: Scene, meanwhile: () => Promise<unknown>): Promise<void> {
  await person.page.goto('/method')
  await meanwhile()
}

const openAfter = ({ person, open, openAfter = open }: Scene) => openAfter(person.page)

export const whims: Record<string, Whim> = {
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
  'is on another network by then': async (scene) => {
    const { page, wallet } = scene.person
    wallet.chainId = 1
    await scene.button(page).click()
    await scene.confirm?.(page)
    await expect(page.getByRole('main')).toContainText(/on network 1/)
    wallet.chainId = homeChain
    await scene.open(page)
    return { says: /^/, offered: 'yes' }
  },
  'drops the transaction for good': async (scene) => {
    await sendWaiting(scene)
    await drop(scene.person.wallet.account.address)
    return { says: /The network dropped this transaction/, offered: 'if harmless' }
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
    const { address } = scene.person.wallet.account
    const later = async () => {
      const nonce = await nonceOf(address)
      await asked.broadcast({ gwei: 20 })
      await reachesNonce(address, nonce + 1)
    }
    return { says: /Cancelled; nothing paid/, offered: 'yes', later }
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
    await openAfter(scene)
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
    await openAfter(scene)
    return { says: 'happened', offered: 'no' }
  },
}

export const isOffered = async (button: Locator) => (await button.count()) > 0 && button.isEnabled()

/** Lets a wallet have its way, then asks every tab for the same again, and counts on the chain. */
export async function check(scene: Scene, whim: Whim, happened: (page: Page) => Promise<unknown>): Promise<number> {
  const { person, open, button, pays } = scene
  const before = await scene.count()
  const { says, offered, later } = await whim(scene)
  const mayRepeat = offered === 'yes' || (offered === 'if harmless' && !pays)
  if (says === 'happened') await happened(person.page)
  else {
    if (!says.test('')) await expect(person.page.getByRole('main')).toContainText(says)
    await expect.poll(() => isOffered(button(person.page))).toBe(mayRepeat)
    expect(await scene.count()).toBe(before)
  }
  if (says !== 'happened' && !mayRepeat) {
    const other = await person.context.newPage()
    await open(other)
    await expect(other.getByRole('main')).toContainText(says)
    await expect(button(other)).toBeDisabled()
    await other.close()
  }
  await later?.()
  return (await scene.count()) - before
}

/** Those that leave a write undone: a wallet that rejects, dies, lies about a hash, about its chain, cancels, drops. */
export const undone = [
  'declines',
  'is closed unanswered, with its page',
  'names a hash that no chain of ours knows',
  'is on another network by then',
  'cancels while the page is closed',
  'drops the transaction for good',
]

/** Those that do it, though the page is not told or looks elsewhere. */
export const doing = [
  'speeds up while the page is closed',
  'sends and never answers',
  'reports a failure and sends all the same',
  'sends after its page was closed',
  'speeds up while the page is open',
]

import type { Page } from '@playwright/test'
import { parseUsdc } from '../../lib/format/parse-usdc'
import { faucet, ordersOf, rpcUrl } from '../chain'
import { expect, type Person, signIn, test } from '../wallet'
import { tiny } from './play'
import { check, click, failure, isOffered, never, type Scene, unknownHash, whims } from './whims'

test.describe.configure({ mode: 'parallel' })

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

// A signed permit lasts a quarter of an hour of the chain’s time, and other stories let more pass at once.
for (const [name, whim] of Object.entries(whims))
  test(`error: an order whose wallet ${name} is paid at most once @time`, async ({ person }) => {
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
  await page.route(`${rpcUrl()}/**`, async (route) => {
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

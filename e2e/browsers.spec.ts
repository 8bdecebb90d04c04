import type { Page } from '@playwright/test'
import { parseUsdc } from '../lib/format/parse-usdc'
import { faucet, nonceOf, ordersOf, rpcUrl, sendNothing } from './chain'
import { expect, feesOf, type Person, signIn, test } from './wallet'

test.describe.configure({ mode: 'parallel' })

const buyPage = '/models/1/buy'
const pay = (page: Page) => page.getByRole('main').getByRole('button', { name: /Sign and pay/ })
const owned = (page: Page) => page.getByRole('link', { name: /You already have copy \d+/ })

async function readyToPay({ page, wallet }: Person): Promise<void> {
  await faucet(wallet.account, parseUsdc('1000'))
  await page.goto(buyPage)
  await signIn(page)
  await expect(pay(page)).toBeEnabled()
}

/** Runs in the page. Does what a browser’s translator does: moves every text, also those that come later, into elements. */
function translate() {
  const wrap = (node: Node) => {
    if (node.nodeType === Node.ELEMENT_NODE && (node as Element).tagName !== 'FONT')
      for (const child of [...node.childNodes]) wrap(child)
    if (node.nodeType !== Node.TEXT_NODE || !node.textContent?.trim()) return
    const [outer, inner] = [document.createElement('font'), document.createElement('font')]
    inner.textContent = node.textContent
    outer.append(inner)
    node.parentNode?.replaceChild(outer, node)
  }
  wrap(document.body)
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) wrap(node)
  }).observe(document.body, { childList: true, subtree: true })
}

test('error: a page that the browser has translated takes the payment and shows the copy', async ({ person }) => {
  const buyer = await person()
  const { page, wallet } = buyer
  await readyToPay(buyer)
  await page.evaluate(translate)
  await pay(page).click()
  await page.waitForURL(/\/copies\/\d+$/)
  await expect(page.getByText('This page could not be loaded')).toHaveCount(0)
  expect(await ordersOf(wallet.account.address)).toBe(1)
  await page.goto(buyPage)
  await expect(owned(page)).toBeVisible()
})

test('error: a full storage does not lose a payment', async ({ person }) => {
  const buyer = await person()
  const { page, wallet } = buyer
  await page.addInitScript(() => {
    const { setItem } = Storage.prototype
    Storage.prototype.setItem = function (key, text) {
      if (key.startsWith('kinmark')) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
      setItem.call(this, key, text)
    }
  })
  await readyToPay(buyer)
  await pay(page).click()
  await page.waitForURL(/\/copies\/\d+$/)
  await page.goBack()
  await expect(owned(page)).toBeVisible()
  await page.goto(buyPage)
  await expect(owned(page)).toBeVisible()
  await expect(pay(page)).toBeHidden()
  expect(await ordersOf(wallet.account.address)).toBe(1)
})

/** Storage as a browser blocks it: touching it throws. */
const blockStorage = (page: Page) =>
  page.addInitScript(() => {
    const get = () => {
      throw new DOMException('Access is denied for this document.', 'SecurityError')
    }
    for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, name, { get, configurable: true })
  })

test('error: with storage blocked every page can be read', async ({ page }) => {
  await blockStorage(page)
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  for (const path of [
    '/',
    '/models/1',
    buyPage,
    '/publish',
    '/verify',
    '/copies',
    '/earnings',
    '/method',
    '/sessions',
  ]) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 }), path).toBeVisible()
    await expect(page.getByText('This page could not be loaded'), path).toHaveCount(0)
  }
  expect(errors).toEqual([])
})

test('error: with storage blocked a payment is made once, and a reload does not repeat it', async ({ person }) => {
  const buyer = await person()
  const { page, wallet } = buyer
  await blockStorage(page)
  await readyToPay(buyer)
  const nonce = await nonceOf(wallet.account.address)
  // It waits, because the nonce before it is missing.
  wallet.onSend = ({ broadcast }) => broadcast({ nonce: nonce + 1, gwei: 10 })
  await pay(page).click()
  await expect(page.getByText('Sent. Waiting for a block.').first()).toBeVisible()
  await sendNothing(wallet.account, { nonce, ...feesOf(20) })
  await page.waitForURL(/\/copies\/\d+$/)
  await page.goto(buyPage)
  await expect(owned(page)).toBeVisible()
  expect(await ordersOf(wallet.account.address)).toBe(1)
})

test('error: a chain that is gone when the page opens is asked again, and the order is followed', async ({
  person,
}) => {
  const buyer = await person()
  const { page, wallet } = buyer
  await readyToPay(buyer)
  const nonce = await nonceOf(wallet.account.address)
  wallet.onSend = ({ broadcast }) => broadcast({ nonce: nonce + 1, gwei: 10 })
  await pay(page).click()
  await expect(page.getByText('Sent. Waiting for a block.').first()).toBeVisible()
  await page.route(`${rpcUrl()}/**`, (route) => route.abort())
  await page.reload()
  const main = page.getByRole('main')
  await expect(main.getByText('It is asked again by itself.').first()).toBeVisible()
  await expect(main.getByRole('button', { name: 'Try again' })).toBeVisible()
  await expect(pay(page)).toBeDisabled()
  await sendNothing(wallet.account, { nonce, ...feesOf(20) })
  await page.unroute(`${rpcUrl()}/**`)
  await page.waitForURL(/\/copies\/\d+$/)
  expect(await ordersOf(wallet.account.address)).toBe(1)
})

test('behavior: going back after buying shows the copy instead of another payment', async ({ person }) => {
  const buyer = await person()
  const { page, wallet } = buyer
  await readyToPay(buyer)
  await pay(page).click()
  await page.waitForURL(/\/copies\/\d+$/)
  await page.goBack()
  await expect(owned(page)).toBeVisible()
  await expect(pay(page)).toBeHidden()
  await page.getByRole('button', { name: 'Order another copy' }).click()
  await expect(pay(page)).toBeEnabled()
  await pay(page).click()
  await page.waitForURL(/\/copies\/\d+$/)
  expect(await ordersOf(wallet.account.address)).toBe(2)
})

test('behavior: one session over all tabs, listed, and ended on the server', async ({ person }) => {
  const visitor = await person()
  const { page, context } = visitor
  await page.goto('/sessions')
  await signIn(page)
  await expect(page.getByText('(this browser)')).toBeVisible()
  const other = await context.newPage()
  await other.goto('/copies')
  await expect(other.getByRole('banner').getByRole('button', { name: /0x/ })).toBeVisible()
  const stolen = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const drafts = () => context.request.get('/api/drafts', { headers: { cookie: stolen } })
  expect((await drafts()).status()).toBe(200)
  await page.evaluate(() => fetch('/api/auth/logout', { method: 'POST', body: '{}' }))
  expect((await drafts()).status()).toBe(401)
  // A request that finds the session gone tells the page.
  await page.reload()
  await expect(page.getByRole('banner').getByRole('button', { name: 'Sign in' })).toBeVisible()
})

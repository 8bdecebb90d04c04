import type { Page } from '@playwright/test'
import { compactSignatureToHex, parseSignature, signatureToCompactSignature } from 'viem'
import { parseUsdc } from '../lib/format/parse-usdc'
import { allowBonds, faucet, ordersOf, originBond, registrationsOf } from './chain'
import { never } from './exactly-once/whims'
import { buy, copyModel, uniqueName, upload } from './steps'
import { expect, type Person, signIn, test } from './wallet'

test.describe.configure({ mode: 'parallel' })

/** What browsers, wallets, clocks, servers and people do that nobody planned for. */

const tiny = '/models/1'
const pay = (page: Page) => page.getByRole('main').getByRole('button', { name: /Sign and pay/ })

async function readyToPay({ page, wallet }: Person): Promise<void> {
  await faucet(wallet.account, parseUsdc('1000'))
  await page.goto(`${tiny}/buy`)
  await signIn(page)
  await expect(pay(page)).toBeEnabled()
}

for (const [name, hours] of [
  ['late', -3],
  ['early', 3],
] as const)
  test(`error: a device whose clock is three hours ${name} signs in`, async ({ person }) => {
    const { page } = await person()
    await page.addInitScript((offset) => {
      const Right = Date
      // biome-ignore lint/suspicious/noGlobalAssign: a device whose clock is wrong
      Date = class extends Right {
        constructor(...given: []) {
          super(...((given.length === 0 ? [Right.now() + offset] : given) as []))
        }
        static override now = () => Right.now() + offset
      } as DateConstructor
    }, hours * 3_600_000)
    await page.goto('/copies')
    await signIn(page)
    await expect(page.getByRole('heading', { name: 'No copies yet' })).toBeVisible()
  })

test('error: a wallet that sends and never answers does not keep the next step away', async ({ person }) => {
  const buyer = await person()
  const { page, wallet } = buyer
  await page.goto(tiny)
  await signIn(page)
  await buy(buyer, parseUsdc('1000'))
  wallet.onSend = async ({ broadcast }) => {
    wallet.onSend = undefined
    await broadcast()
    return never()
  }
  const state = page.getByRole('status', { name: 'State' })
  await page.getByRole('button', { name: 'Accept the copy' }).click()
  await expect(state).toHaveText('active')
  await page.getByRole('button', { name: 'Close the copy' }).click()
  await page.getByRole('button', { name: 'Close copy', exact: true }).click()
  await expect(state).toHaveText('closing')
})

test('error: a draft that two devices are about to publish is published once', async ({ person }, info) => {
  const creator = await person()
  const { page, wallet } = creator
  const elsewhere = await person(wallet.account)
  const other = elsewhere.page
  await faucet(wallet.account, 3n * originBond)
  await allowBonds(wallet.account, 'origins')
  const folder = info.outputPath('model')
  copyModel('tiny', folder, `# ${uniqueName('twice')}\nA model.\n`)
  await page.goto('/publish')
  await signIn(page)
  await upload(page, folder)
  const sign = (page: Page) => page.getByRole('button', { name: 'Sign and publish' })
  await other.goto('/publish')
  await signIn(other)
  await other.getByRole('button', { name: 'Continue' }).click()
  await expect(sign(other)).toBeEnabled()
  await sign(page).click()
  await page.waitForURL(/\/models\/\d+$/)
  await sign(other).click()
  await expect(other.getByRole('main').getByRole('alert')).toContainText(
    /You have published these files already, as model \d+/,
  )
  expect(await registrationsOf(wallet.account.address)).toBe(1)
})

test('error: a chain that was started anew forgets what was sent to the old one', async ({ person }) => {
  const buyer = await person()
  const { page, wallet } = buyer
  await readyToPay(buyer)
  const key = `kinmark.write.31337.${wallet.account.address}.order.1`
  await page.evaluate(
    ([key, account, address]) => {
      const proof = { address, topics: [`0x${'1'.padStart(64, '0')}`] }
      const record = { id: 'old', stage: 'sent', account, since: 10_000_000, firstNonce: 0, expires: 9_999_999_999 }
      localStorage.setItem(
        key,
        JSON.stringify({ ...record, proof, hash: `0x${'cd'.repeat(32)}`, nonce: 5, block: null, unseen: 0 }),
      )
    },
    [key, wallet.account.address, wallet.account.address],
  )
  await page.reload()
  await expect(pay(page)).toBeEnabled()
  await pay(page).click()
  await page.waitForURL(/\/copies\/\d+$/)
  expect(await ordersOf(wallet.account.address)).toBe(1)
})

test('error: a wallet that signs in the short form of EIP-2098 pays', async ({ person }) => {
  const buyer = await person()
  const { page, wallet } = buyer
  await readyToPay(buyer)
  wallet.changeSignature = (signature) => compactSignatureToHex(signatureToCompactSignature(parseSignature(signature)))
  await pay(page).click()
  await page.waitForURL(/\/copies\/\d+$/)
  expect(await ordersOf(wallet.account.address)).toBe(1)
})

test('error: the signature of a wallet that is a contract is refused with a reason', async ({ person }) => {
  const buyer = await person()
  const { page, wallet } = buyer
  await readyToPay(buyer)
  wallet.changeSignature = (signature) => `${signature}${'00'.repeat(96)}`
  await pay(page).click()
  await expect(page.getByRole('main').getByRole('alert')).toContainText('Your wallet signs in a way')
  expect(await ordersOf(wallet.account.address)).toBe(0)
  await expect(pay(page)).toBeEnabled()
})

test('error: the same copy in two tabs is not spoiled, and the second says that another tab downloads it', async ({
  person,
}) => {
  const buyer = await person()
  const { page, context } = buyer
  await page.goto(tiny)
  await signIn(page)
  await buy(buyer, parseUsdc('75'))
  const start = (page: Page) => page.getByRole('button', { name: 'Download and check' })
  const other = await context.newPage()
  await other.goto(page.url())
  await expect(start(other)).toBeEnabled()
  // The first one’s last file waits for what the second one says.
  const second = Promise.withResolvers<void>()
  await context.route('**/files/model.safetensors', async (route) => {
    await second.promise
    await route.continue()
  })
  await start(page).click()
  await expect(page.getByText('You can stop or reload')).toBeVisible()
  await start(other).click()
  await expect(other.getByRole('main').getByRole('alert')).toContainText('another tab')
  second.resolve()
  await expect(page.getByText('match their SHA-256 and the artifact root on the chain')).toBeVisible()
  await start(other).click()
  await expect(other.getByText('match their SHA-256 and the artifact root on the chain')).toBeVisible()
})

test('error: who signs out on a device of others leaves nothing of a copy on the page', async ({ person }) => {
  const buyer = await person()
  const { page, context } = buyer
  await page.goto(tiny)
  await signIn(page)
  await buy(buyer, parseUsdc('75'))
  await expect(page.getByRole('region', { name: 'Files' })).toContainText('model.safetensors')
  // The connection is too slow for the page to ask again.
  await context.route('**/api/copies/*', () => never())
  const other = await context.newPage()
  await other.goto('/sessions')
  await other.evaluate(async () => {
    await fetch('/api/auth/logout', { method: 'POST', body: '{}' })
    new BroadcastChannel('kinmark.session').postMessage(null)
  })
  await expect(page.getByText('Only the buyer can download this copy')).toBeVisible()
  await expect(page.getByRole('main')).not.toContainText('model.safetensors')
  await expect(page.getByText(/% of \d+ keys/)).toBeHidden()
  await context.unrouteAll({ behavior: 'ignoreErrors' })
})

test('error: addresses that nobody wrote by hand are answered with a page that is not found', async ({ request }) => {
  for (const path of [
    '/models/999999',
    '/models/01',
    '/models/%00',
    '/models/999999/buy',
    '/copies/999999',
    '/cases/999999',
  ])
    expect((await request.get(path)).status(), path).toBe(404)
  expect((await request.get(tiny)).status()).toBe(200)
})

test('error: nothing can be typed that the page would not hear, on a slow connection', async ({ page }) => {
  let bring = () => {}
  const brought = new Promise<void>((done) => (bring = done))
  await page.route('**/_next/static/**/*.js', async (route) => {
    await brought
    await route.continue()
  })
  await page.goto('/publish', { waitUntil: 'commit' })
  const price = page.getByLabel('Price of a copy')
  await expect(price).toBeDisabled()
  bring()
  await price.fill('31')
  await expect(page.getByText('For a payment of 31.00 USDC')).toBeVisible()
})

test('error: a novel pasted as evidence is refused before the wallet is asked', async ({ person }) => {
  const finder = await person()
  const buyer = await person()
  await buyer.page.goto(tiny)
  await signIn(buyer.page)
  const copy = await buy(buyer, parseUsdc('75'))
  const { page, wallet } = finder
  await faucet(wallet.account, parseUsdc('100'))
  await page.goto(`/copies/${copy}`)
  await signIn(page)
  await page.getByLabel('What was tested').fill('https://leak.example/v1')
  await page.getByLabel('Where your evidence is').fill('Überlang '.repeat(60_000))
  await expect(page.getByText(/^At most \d+ bytes/)).toBeVisible()
  await expect(page.getByRole('button', { name: /Open a case with/ })).toBeDisabled()
})

test('error: a wallet of the time before EIP-6963 is offered', async ({ page }) => {
  await page.addInitScript(() => {
    const request = async ({ method }: { method: string }) => {
      if (method === 'eth_chainId') return '0x7a69'
      return method === 'eth_requestAccounts' ? ['0x00000000000000000000000000000000000000aa'] : []
    }
    Object.assign(window, { ethereum: { request, on: () => undefined, removeListener: () => undefined } })
  })
  await page.goto(tiny)
  await page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Browser Wallet' }).click()
  await expect(page.getByRole('dialog').getByRole('button', { name: /sign message/i })).toBeVisible()
})

test('error: a connection that is lost between the wallet and the block brings the order all the same', async ({
  person,
}) => {
  const buyer = await person()
  const { page, context, wallet } = buyer
  await readyToPay(buyer)
  wallet.onSend = async ({ broadcast }) => {
    await context.setOffline(true)
    return broadcast()
  }
  await pay(page).click()
  await expect(page.getByText('It is asked again by itself.').first()).toBeVisible()
  await context.setOffline(false)
  await page.waitForURL(/\/copies\/\d+$/)
  expect(await ordersOf(wallet.account.address)).toBe(1)
})

test('error: Back after signing out shows nothing that was private', async ({ person }) => {
  const buyer = await person()
  const { page } = buyer
  await page.goto(tiny)
  await signIn(page)
  const copy = await buy(buyer, parseUsdc('75'))
  await page.goto('/method')
  await page.evaluate(() => fetch('/api/auth/logout', { method: 'POST', body: '{}' }))
  await page.goBack()
  await page.waitForURL(new RegExp(`/copies/${copy}$`))
  await expect(page.getByText('Only the buyer can download this copy')).toBeVisible()
  await expect(page.getByRole('main')).not.toContainText('model.safetensors')
})

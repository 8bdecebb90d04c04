import type { Page } from '@playwright/test'
import { allowBonds, faucet, originBond, registrationsOf, rpcUrl } from '../chain'
import { commitKnownPool } from '../courts'
import { copyModel, uniqueName, upload } from '../steps'
import { expect, signIn, test } from '../wallet'
import { check, click, failure, undone, whims } from './whims'

test.describe.configure({ mode: 'parallel' })

test('error: a model is registered once, whatever the wallet does', async ({ person }, info) => {
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
  await commitKnownPool(wallet.account, BigInt(page.url().split('/').pop() ?? ''))
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
  // The page looks at the chain four times a second. Here it does not look between the wallet and the person.
  await page.route(`${rpcUrl()}/**`, async (route) => {
    if (route.request().postData()?.includes('eth_getLogs')) await new Promise((done) => setTimeout(done, 3_000))
    await route.continue()
  })
  await broadcast()
  await button.click()
  await page.waitForURL(/\/models\/\d+$/)
  expect(await count()).toBe(1)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await commitKnownPool(wallet.account, BigInt(page.url().split('/').pop() ?? ''))
})

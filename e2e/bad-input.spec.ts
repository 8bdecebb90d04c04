import { cpSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { parseUsdc } from '../lib/format/parse-usdc'
import { faucet, usdOf } from './chain'
import { openModel, pickFolder } from './steps'
import { expect, signIn, test } from './wallet'

const weights = 'model.safetensors'

/** Changes one field of a folder's config.json. */
function setConfig(folder: string, field: string, value: unknown): void {
  const file = join(folder, 'config.json')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), [field]: value }))
}

const folders: { name: string; damage: (folder: string) => void; messages: RegExp[] }[] = [
  {
    name: 'truncated weights',
    damage: (folder) => truncateSync(join(folder, weights), 1_000_000),
    messages: [/model\.safetensors/, /1000000|1,000,000/],
  },
  {
    name: 'an empty file',
    damage: (folder) => truncateSync(join(folder, weights), 0),
    messages: [/model\.safetensors/, /0 bytes/],
  },
  {
    name: 'nothing but a pickle',
    damage: (folder) => renameSync(join(folder, weights), join(folder, 'pytorch_model.bin')),
    messages: [/pytorch_model\.bin/, /pickle/],
  },
  {
    name: 'a config that does not match the tensors',
    damage: (folder) => setConfig(folder, 'hidden_size', 256),
    messages: [/256/, /192/],
  },
  { name: 'an unknown family', damage: (folder) => setConfig(folder, 'model_type', 'mystery'), messages: [/mystery/] },
  { name: 'no config', damage: (folder) => rmSync(join(folder, 'config.json')), messages: [/config\.json/, /missing/] },
]

for (const { name, damage, messages } of folders)
  test(`error: a folder with ${name} is refused before anything is sent`, async ({ page }, info) => {
    const sent: string[] = []
    page.on('request', (request) => {
      if (/\/api\/(drafts|uploads)/.test(request.url())) sent.push(request.url())
    })
    const folder = info.outputPath('model')
    cpSync('public/models/tiny', folder, { recursive: true })
    damage(folder)
    await page.goto('/publish')
    await pickFolder(page, 'Model', folder)
    for (const message of messages) await expect(alert(page)).toContainText(message)
    expect(sent).toEqual([])
  })

test('behavior: a pickle beside the weights is left out, and the page says so', async ({ page }, info) => {
  const folder = info.outputPath('model')
  cpSync('public/models/tiny', folder, { recursive: true })
  writeFileSync(join(folder, 'pytorch_model.bin'), 'x')
  await page.goto('/publish')
  await pickFolder(page, 'Model', folder)
  await expect(page.getByText('Left out, because no model needs them: pytorch_model.bin.')).toBeVisible()
})

test('error: an upload whose hash differs is refused with both hashes, and a second try succeeds', async ({
  person,
}, info) => {
  const { page } = await person()
  const folder = info.outputPath('model')
  cpSync('public/models/tiny', folder, { recursive: true })
  writeFileSync(join(folder, 'README.md'), `# altered\nSeen at ${Date.now()}.\n`)
  const wrong = 'ab'.repeat(32)
  await page.route('**/api/drafts', async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    const body = route.request().postDataJSON()
    for (const file of body.files) if (file.path === 'README.md') file.sha256 = wrong
    await route.continue({ postData: JSON.stringify(body) })
  })
  await page.goto('/publish')
  await signIn(page)
  await pickFolder(page, 'Model', folder)
  await page.getByRole('button', { name: 'Upload' }).click()
  await expect(alert(page)).toContainText('README.md')
  await expect(alert(page)).toContainText(wrong)
  await page.unroute('**/api/drafts')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByText('Uploaded and verified')).toBeVisible()
})

test('error: a missing balance is shown before anything is signed, and test USDC covers it', async ({ person }) => {
  const { page } = await person()
  await openModel(page, 'tiny')
  await signIn(page)
  await page.getByRole('link', { name: 'Get a copy' }).click()
  await expect(page.getByText('You have 0.00 USDC and need 75.00 USDC.')).toBeVisible()
  await expect(page.getByRole('button', { name: /Sign and pay/ })).toBeDisabled()
  await page.getByRole('button', { name: 'Get test USDC' }).click()
  await expect(page.getByRole('button', { name: /Sign and pay/ })).toBeEnabled()
})

test('error: a rejected signature costs nothing and can be repeated', async ({ person }) => {
  const { page, wallet } = await person()
  await faucet(wallet.account, parseUsdc('75'))
  await openModel(page, 'tiny')
  await signIn(page)
  await page.getByRole('link', { name: 'Get a copy' }).click()
  wallet.rejectNext = true
  await page.getByRole('button', { name: /Sign and pay/ }).click()
  await expect(alert(page)).toContainText(/reject|declin/i)
  await expect(page.getByRole('button', { name: /Sign and pay/ })).toBeEnabled()
  expect(await usdOf(wallet.account.address)).toBe(parseUsdc('75'))
})

test('error: on a wrong network nothing can be signed until the wallet switches', async ({ person }) => {
  const { page, wallet } = await person()
  await faucet(wallet.account, parseUsdc('75'))
  await openModel(page, 'tiny')
  await signIn(page)
  wallet.chainId = 1
  await page.getByRole('link', { name: 'Get a copy' }).click()
  await page.waitForURL(/\/buy$/)
  await page.reload()
  await expect(page.getByText('Your wallet is on network 1;')).toBeVisible()
  await expect(page.getByRole('button', { name: /Sign and pay/ })).toBeHidden()
  await page.getByRole('button', { name: 'Switch network' }).click()
  await expect(page.getByRole('button', { name: /Sign and pay/ })).toBeEnabled()
})

function alert(page: Page) {
  return page.getByRole('main').getByRole('alert')
}

import { appendFileSync, cpSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { faucet, originBond } from './chain'
import { copyModel, openModel, pickFolder, publishUnsold, uniqueName, upload } from './steps'
import { expect, signIn, test } from './wallet'

const answer = (page: Page) => page.getByRole('region', { name: 'Completion' })

async function openPlayground(page: Page): Promise<void> {
  await openModel(page, 'tiny')
  await page.getByRole('tab', { name: 'Try it' }).click()
  await page.getByLabel('Run on').selectOption('wasm')
}

/** Runs the model up to the length limit; returns the text after the prompt. */
async function run(page: Page, settings: { temperature: string; seed: string; length: string }): Promise<string> {
  for (const [field, value] of Object.entries(settings)) await page.getByLabel(field).fill(value)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(answer(page).getByText('Length limit reached.')).toBeVisible()
  return answer(page).getByRole('insertion').innerText()
}

test('default: a visitor runs the model, and the same seed gives the same text', async ({ page }) => {
  await openPlayground(page)
  await expect(page.getByText('Copy of tiny for visitors')).toBeVisible()
  await page.getByLabel('Prompt').fill('In the beginning')
  const likeliest = await run(page, { temperature: '0', seed: '1', length: '16' })
  expect(likeliest).toContain('of the')
  expect(await run(page, { temperature: '0', seed: '2', length: '16' })).toBe(likeliest)
  await expect(answer(page)).toContainText(/16 tokens, \d+(\.\d)? per second/)
  await expect(answer(page)).toContainText('on WebAssembly')

  const warm = { temperature: '1', seed: '5', length: '40' }
  const first = await run(page, warm)
  expect(await run(page, { ...warm, seed: '6' })).not.toBe(first)
  expect(await run(page, warm)).toBe(first)
})

test('behavior: it stops on request, and names a field that is not valid', async ({ page }) => {
  await openPlayground(page)
  await page.getByLabel('Seed').fill('1.5')
  await expect(page.getByText('Enter a whole number from 0 to 4294967295, not “1.5”')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeDisabled()
  await page.getByLabel('Seed').fill('1')
  await page.getByLabel('Length').fill('480')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(answer(page).getByRole('status')).toHaveText('Stopped.')
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled()
})

test('behavior: weights closed to visitors run for their owner, and for a visitor who has the folder', async ({
  person,
  page: visitor,
}, info) => {
  const creator = await person()
  const name = uniqueName('closed')
  const folder = info.outputPath('model')
  copyModel('tiny', folder, `# ${name}\nA model that is not to be tried.\n`)
  await faucet(creator.wallet.account, originBond)
  const { page } = creator
  await page.goto('/publish')
  await signIn(page)
  await upload(page, folder)
  await expect(page.getByLabel('Let visitors try it in the browser')).not.toBeChecked()
  await publishUnsold(creator)
  await page.getByRole('tab', { name: 'Try it' }).click()
  await expect(page.getByText('available only to you as the owner')).toBeVisible()
  const likeliest = await run(page, { temperature: '0', seed: '1', length: '8' })

  const id = await openModel(visitor, name)
  const refused = await visitor.request.get(`/api/models/${id}/files/model.safetensors`)
  expect(refused.status()).toBe(403)
  expect(await refused.json()).toMatchObject({ code: 'market.weights-private', facts: { model: name } })
  await visitor.getByRole('tab', { name: 'Try it' }).click()
  await expect(visitor.getByText('The creator does not let visitors load these weights.')).toBeVisible()
  await pickFolder(visitor, 'Copy', folder)
  expect(await run(visitor, { temperature: '0', seed: '1', length: '8' })).toBe(likeliest)
})

test('error: a folder that changes after it was chosen must be chosen again', async ({ page }, info) => {
  const folder = info.outputPath('model')
  const choose = async () => {
    cpSync('public/models/tiny', folder, { recursive: true })
    await page.getByRole('button', { name: 'Change weights' }).click()
    await pickFolder(page, 'Copy', folder)
    await expect(page.getByText('Local folder')).toBeVisible()
  }
  await openPlayground(page)
  await choose()
  appendFileSync(join(folder, 'model.safetensors'), 'x')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('main').getByRole('alert')).toContainText(
    /“model.safetensors” cannot be read any more: .* Choose it again\./,
  )
  await choose()
  await run(page, { temperature: '0', seed: '1', length: '8' })
})

import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { faucet } from './chain'
import { commitKnownPool } from './courts'
import { keys } from './place'
import { expect, type Person } from './wallet'

/** A model name that no other spec uses. */
export const uniqueName = (prefix: string) => `${prefix}-${crypto.randomUUID().slice(0, 8)}`

/** Copies a demo model’s folder, with a model card of its own. */
export function copyModel(model: 'tiny' | 'tiny-shakespeare', folder: string, card: string): void {
  cpSync(`public/models/${model}`, folder, { recursive: true })
  writeFileSync(join(folder, 'README.md'), card)
}

/** Picks and uploads a folder on the publish page. The person must be signed in. */
export async function upload(page: Page, folder: string): Promise<void> {
  await pickFolder(page, 'Model', folder)
  await expect(page.getByText('compatible')).toBeVisible()
  await page.getByRole('button', { name: 'Upload' }).click()
  await expect(page.getByText('Uploaded and verified')).toBeVisible()
}

/** Signs the terms on the publish page and waits for the model’s page; returns the model’s id. */
export async function signAndPublish(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Sign and publish' }).click()
  await page.waitForURL(/\/models\/\d+$/)
  return page.url().split('/').pop() ?? ''
}

/** Publishes a model of which our minter sells no copy. It makes no key pool where one is on the chain, and saves a core 20 seconds. */
export async function publishUnsold({ page, wallet }: Person): Promise<string> {
  const id = await signAndPublish(page)
  await commitKnownPool(wallet.account, BigInt(id))
  return id
}

export async function pickFolder(
  page: Page,
  name: 'Model' | 'Base' | 'Suspect' | 'Copy',
  folder: string,
): Promise<void> {
  // React holds streamed elements hidden outside of main until it moves them into place.
  await page.getByRole('main').getByLabel(`${name}: folder`).setInputFiles(folder)
}

/** Opens a model by its name on the start page; returns its id. */
export async function openModel(page: Page, name: string): Promise<string> {
  await page.goto('/')
  await page.getByRole('link', { name, exact: true }).click()
  await page.waitForURL(/\/models\/\d+$/)
  return page.url().split('/').pop() ?? ''
}

/** Buys a copy of the model on the current page and waits until it is minted; returns the copy’s id. */
export async function buy({ page, wallet }: Person, usd: bigint): Promise<string> {
  await faucet(wallet.account, usd)
  await page.getByRole('link', { name: 'Get a copy' }).click()
  const pay = page.getByRole('button', { name: /Sign and pay/ })
  // The minter makes the key pool once per version, and quotes when it holds it.
  await expect(pay).toBeEnabled({ timeout: 300_000 })
  await pay.click()
  await page.waitForURL(/\/copies\/\d+$/)
  await expect(page.getByRole('status', { name: 'State' })).toHaveText('delivered: check and accept', {
    timeout: 300_000,
  })
  return page.url().split('/').pop() ?? ''
}

/** Lets the local chain’s time pass to the next epoch, by the button at the bottom of every page. */
export async function nextEpoch(page: Page): Promise<void> {
  const passed = page.waitForResponse('**/api/epochs/next')
  await page.getByRole('button', { name: 'Next epoch' }).click()
  expect((await passed).ok()).toBe(true)
  await expect(page.getByRole('button', { name: 'Next epoch' })).toBeEnabled()
}

/** Downloads the copy on the current page and saves its files into `folder`; returns `folder`. */
export async function download(page: Page, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  await page.getByRole('button', { name: 'Download and check' }).click()
  await expect(page.getByText('match their SHA-256 and the artifact root on the chain')).toBeVisible()
  const files = page.getByRole('list', { name: 'Files of this copy' })
  for (const button of await files.getByRole('button', { name: /^Save / }).all()) {
    const path = ((await button.getAttribute('aria-label')) ?? '').replace(/^Save /, '')
    const [saved] = await Promise.all([page.waitForEvent('download'), button.click()])
    await saved.saveAs(join(folder, path))
  }
  return folder
}

/** A buyer sees every sixteenth key, the first among them. */
export const disclosedOf = (keys: number) => Math.ceil(keys / 16)

/** Keys of the minted copy whose page is open. A model that hesitates seldom carries somewhat fewer than were asked for. */
export async function keysOfCopy(page: Page): Promise<number> {
  const share = await page.getByText(/^(about )?9\d(\.\d)? % of \d+ keys$/).innerText()
  const count = Number(/of (\d+) keys/.exec(share)?.[1])
  expect(count).toBeGreaterThan(0.9 * keys)
  expect(count).toBeLessThanOrEqual(keys)
  return count
}

/** Verifies a folder with every key of a model; returns the rows of the table, its header first. */
export async function verifyFolder(
  page: Page,
  { folder, keys, backend }: { folder: string; keys: string; backend?: 'webgpu' | 'wasm' },
): Promise<string[]> {
  await page.goto('/verify')
  await pickFolder(page, 'Suspect', folder)
  await page.getByRole('radio', { name: keys, exact: false }).click()
  if (backend) await page.getByLabel('Run on').selectOption(backend)
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible({ timeout: 180_000 })
  const all = page.getByRole('button', { name: /Show all/ })
  if (await all.isVisible()) await all.click()
  return page.getByRole('region', { name: 'Keys' }).getByRole('row').allInnerTexts()
}

import { cpSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { localAccount } from '../lib/chain/accounts'
import { parseUsdc } from '../lib/format/parse-usdc'
import { buy, openModel, pickFolder } from './steps'
import { expect, type Person, signIn, test } from './wallet'

const looks = [
  { colorScheme: 'light', width: 1440 },
  { colorScheme: 'dark', width: 1440 },
  { colorScheme: 'light', width: 390 },
  { colorScheme: 'dark', width: 390 },
] as const

type Screen = { name: string; path: string; ready?: (page: Page) => Promise<unknown> }

const tab = (name: string) => (page: Page) => page.getByRole('tab', { name }).click()

/** Looks at one page at both widths in both themes: nothing scrolls sideways, axe finds nothing, a picture is kept. */
async function look({ page }: Person, { name, path, ready }: Screen, folder: (file: string) => string): Promise<void> {
  await page.goto(path)
  await page.waitForLoadState('networkidle')
  await ready?.(page)
  for (const { colorScheme, width } of looks) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 900 })
    await page.waitForTimeout(100)
    const at = `${name} ${colorScheme} ${width}`
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect.soft(sideways, `${at}: scrolls sideways`).toBeLessThanOrEqual(0)
    await page.screenshot({ path: folder(`${name}-${colorScheme}-${width}.png`), fullPage: true })
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .exclude('[data-rk] [role=dialog]')
      .analyze()
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
    expect.soft(found, at).toEqual([])
  }
}

test('default: every page in light and dark, on a phone and on a desk', async ({ person }, info) => {
  test.setTimeout(900_000)
  const owner = await person(localAccount('demoCreator'))
  const buyer = await person()
  const at = (file: string) => info.outputPath('screens', file)

  const id = await openModel(buyer.page, 'tiny')
  const child = await openModel(buyer.page, 'tiny-shakespeare')
  const strangers: Screen[] = [
    { name: 'explore', path: '/' },
    { name: 'explore-empty', path: '/?search=nothing-has-this-name' },
    { name: 'model', path: `/models/${id}` },
    {
      name: 'model-try',
      path: `/models/${child}`,
      ready: async (page) => {
        await tab('Try it')(page)
        await page.getByLabel('Run on').selectOption('wasm')
        await page.getByRole('button', { name: 'Run', exact: true }).click()
        await page.getByText('The length asked for is reached.').waitFor({ timeout: 120_000 })
      },
    },
    {
      name: 'model-try-weights',
      path: `/models/${child}`,
      ready: async (page) => {
        await tab('Try it')(page)
        await page.getByRole('button', { name: 'Other weights' }).click()
      },
    },
    { name: 'model-family', path: `/models/${child}`, ready: tab('Family tree') },
    { name: 'model-files', path: `/models/${child}`, ready: tab('Files') },
    { name: 'model-tensors', path: `/models/${child}`, ready: tab('Tensors') },
    { name: 'model-terms', path: `/models/${child}`, ready: tab('Terms') },
    { name: 'publish', path: '/publish' },
    {
      name: 'publish-understood',
      path: '/publish',
      ready: async (page) => {
        await pickFolder(page, 'Model', 'public/models/tiny')
        await page.getByText('understood').waitFor()
      },
    },
    {
      name: 'publish-refused',
      path: '/publish',
      ready: async (page) => {
        const folder = info.outputPath('refused')
        cpSync('public/models/tiny', folder, { recursive: true })
        truncateSync(join(folder, 'model.safetensors'), 1_000_000)
        await pickFolder(page, 'Model', folder)
        await page.getByText(/1,?000,?000/).waitFor()
      },
    },
    { name: 'buy', path: `/models/${id}/buy` },
    { name: 'copies-signed-out', path: '/copies' },
    { name: 'verify', path: '/verify' },
    { name: 'method', path: '/method' },
    { name: 'earnings-signed-out', path: '/earnings' },
    { name: 'not-found', path: '/models/999999' },
  ]
  for (const screen of strangers) await test.step(screen.name, () => look(buyer, screen, at))

  const small = await person()
  await small.page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'deviceMemory', { get: () => 0.25 }))
  const tooBig: Screen = {
    name: 'model-try-too-big',
    path: `/models/${id}`,
    ready: async (page) => {
      await tab('Try it')(page)
      await page.getByText('This model is too big for this browser').waitFor()
    },
  }
  await test.step(tooBig.name, () => look(small, tooBig, at))

  await buyer.page.setViewportSize({ width: 1280, height: 900 })
  await openModel(buyer.page, 'tiny')
  await signIn(buyer.page)
  await test.step('buy-signed-in', () => look(buyer, { name: 'buy-signed-in', path: `/models/${id}/buy` }, at))
  await test.step('copies-empty', () => look(buyer, { name: 'copies-empty', path: '/copies' }, at))
  await openModel(buyer.page, 'tiny')
  const copy = await buy(buyer, parseUsdc('75'))
  const bought: Screen[] = [
    { name: 'copies', path: '/copies' },
    { name: 'copy', path: `/copies/${copy}` },
    {
      name: 'copy-downloaded',
      path: `/copies/${copy}`,
      ready: async (page) => {
        await page.getByRole('button', { name: 'Download and check' }).click()
        await page.getByText('they have the artifact root on the chain').waitFor()
      },
    },
    {
      name: 'verify-done',
      path: `/verify?copy=${copy}`,
      ready: async (page) => {
        await page.getByRole('button', { name: `Copy ${copy} of tiny`, exact: true }).click()
        await page.getByRole('button', { name: 'Verify', exact: true }).click()
        await page.getByRole('region', { name: 'Verdict' }).waitFor({ timeout: 120_000 })
      },
    },
  ]
  for (const screen of bought) await test.step(screen.name, () => look(buyer, screen, at))
  await buyer.page.goto(`/copies/${copy}`)
  await buyer.page.getByRole('button', { name: 'Accept the copy' }).click()
  await expect(buyer.page.getByRole('status', { name: 'State' })).toHaveText('active')

  await owner.page.goto('/earnings')
  await signIn(owner.page)
  await test.step('earnings', () => look(owner, { name: 'earnings', path: '/earnings' }, at))
})

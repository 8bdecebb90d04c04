import { cpSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Page, TestInfo } from '@playwright/test'
import { localAccount } from '../lib/chain/accounts'
import { parseUsdc } from '../lib/format/parse-usdc'
import { buy, openModel, pickFolder } from './steps'
import { expect, signIn, test } from './wallet'

test.describe.configure({ mode: 'parallel' })

/** The demo models are published in this order. */
const [tiny, shakespeare] = [1, 2]

const looks = [
  { colorScheme: 'light', width: 1440 },
  { colorScheme: 'dark', width: 1440 },
  { colorScheme: 'light', width: 390 },
  { colorScheme: 'dark', width: 390 },
] as const

type Screen = { name: string; path: string; ready?: (page: Page, info: TestInfo) => Promise<unknown> }

const tab = (name: string) => (page: Page) => page.getByRole('tab', { name }).click()

/**
 * Checks one page at both widths in both themes: nothing scrolls sideways, and axe finds nothing. Takes pictures where
 * KINMARK_PICTURES is set.
 */
async function check(page: Page, { name, path, ready }: Screen, info: TestInfo): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.goto(path)
  await page.waitForLoadState('networkidle')
  await ready?.(page, info)
  for (const { colorScheme, width } of looks) {
    const at = `${name} ${colorScheme} ${width}`
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 900 })
    await settled(page, colorScheme)
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect.soft(sideways, `${at}: scrolls sideways`).toBeLessThanOrEqual(0)
    if (process.env.KINMARK_PICTURES) {
      const file = `${name}-${colorScheme}-${width}.png`
      await page.screenshot({ path: join(info.project.outputDir, 'screens', file), fullPage: true })
    }
    const { violations } = await new AxeBuilder({ page })
      .options({ resultTypes: ['violations'] })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .exclude('[data-rk] [role=dialog]')
      .setLegacyMode() // Runs in the page, which has no frames of other origins, instead of in a second one.
      .analyze()
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
    expect.soft(found, at).toEqual([])
  }
}

/** Waits until the theme is applied and charts that observe their size are redrawn. */
async function settled(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await expect(page.locator('html')).toHaveClass(new RegExp(`\\b${theme}\\b`))
  await page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
    await Promise.all(document.getAnimations().map(({ finished }) => finished))
  })
}

const screens: Screen[] = [
  { name: 'explore', path: '/' },
  { name: 'explore-empty', path: '/?search=nothing-has-this-name' },
  { name: 'model', path: `/models/${tiny}` },
  {
    name: 'model-try',
    path: `/models/${shakespeare}`,
    ready: async (page) => {
      await tab('Try it')(page)
      await page.getByLabel('Run on').selectOption('wasm')
      await page.getByRole('button', { name: 'Run', exact: true }).click()
      await page.getByText('Length limit reached.').waitFor({ timeout: 120_000 })
    },
  },
  {
    name: 'model-try-weights',
    path: `/models/${shakespeare}`,
    ready: async (page) => {
      await tab('Try it')(page)
      await page.getByRole('button', { name: 'Change weights' }).click()
    },
  },
  { name: 'model-family', path: `/models/${shakespeare}`, ready: tab('Family tree') },
  { name: 'model-files', path: `/models/${shakespeare}`, ready: tab('Files') },
  { name: 'model-tensors', path: `/models/${shakespeare}`, ready: tab('Tensors') },
  { name: 'model-terms', path: `/models/${shakespeare}`, ready: tab('Terms') },
  { name: 'publish', path: '/publish' },
  {
    name: 'publish-recognized',
    path: '/publish',
    ready: async (page) => {
      await pickFolder(page, 'Model', 'public/models/tiny')
      await page.getByText('compatible').waitFor()
    },
  },
  {
    name: 'publish-refused',
    path: '/publish',
    ready: async (page, info) => {
      const folder = info.outputPath('refused')
      cpSync('public/models/tiny', folder, { recursive: true })
      truncateSync(join(folder, 'model.safetensors'), 1_000_000)
      await pickFolder(page, 'Model', folder)
      await page.getByText(/1,?000,?000/).waitFor()
    },
  },
  { name: 'buy', path: `/models/${tiny}/buy` },
  { name: 'copies-signed-out', path: '/copies' },
  { name: 'verify', path: '/verify' },
  { name: 'method', path: '/method' },
  { name: 'earnings-signed-out', path: '/earnings' },
  { name: 'not-found', path: '/models/999999' },
]
for (const screen of screens)
  test(`default: ${screen.name} in both themes, on a phone and on a desktop`, async ({ person }, info) => {
    const { page } = await person()
    await check(page, screen, info)
  })

test('default: model-try-too-big in both themes, on a phone and on a desktop', async ({ person }, info) => {
  const { page } = await person()
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'deviceMemory', { get: () => 0.25 }))
  const ready = async (page: Page) => {
    await tab('Try it')(page)
    await page.getByText('This model is too large for this device').waitFor()
  }
  await check(page, { name: 'model-try-too-big', path: `/models/${tiny}`, ready }, info)
})

test('default: pages of a buyer and a creator in both themes, on a phone and on a desktop', async ({
  person,
}, info) => {
  test.setTimeout(600_000)
  const owner = await person(localAccount('demoCreator'))
  const buyer = await person()
  const { page } = buyer
  const step = (screen: Screen) => test.step(screen.name, () => check(page, screen, info))

  await openModel(page, 'tiny')
  await signIn(page)
  await step({ name: 'buy-signed-in', path: `/models/${tiny}/buy` })
  await step({ name: 'copies-empty', path: '/copies' })
  await openModel(page, 'tiny')
  const copy = await buy(buyer, parseUsdc('75'))
  await step({ name: 'copies', path: '/copies' })
  await step({ name: 'copy', path: `/copies/${copy}` })
  await step({
    name: 'copy-downloaded',
    path: `/copies/${copy}`,
    ready: async (page) => {
      await page.getByRole('button', { name: 'Download and check' }).click()
      await page.getByText('match their SHA-256 and the artifact root on the chain').waitFor()
    },
  })
  await step({
    name: 'verify-done',
    path: `/verify?copy=${copy}`,
    ready: async (page) => {
      await page.getByRole('button', { name: `Copy ${copy} of tiny`, exact: true }).click()
      await page.getByRole('button', { name: 'Verify', exact: true }).click()
      await page.getByRole('region', { name: 'Verdict' }).waitFor({ timeout: 120_000 })
    },
  })
  await page.goto(`/copies/${copy}`)
  await page.getByRole('button', { name: 'Accept the copy' }).click()
  await expect(page.getByRole('status', { name: 'State' })).toHaveText('active')

  await owner.page.goto('/earnings')
  await signIn(owner.page)
  await test.step('earnings', () => check(owner.page, { name: 'earnings', path: '/earnings' }, info))
})

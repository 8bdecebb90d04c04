import { cpSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { localAccount } from '../lib/chain/accounts'
import { parseUsdc } from '../lib/format/parse-usdc'
import { checkScreen, type Screen } from './look'
import { buy, openModel, pickFolder } from './steps'
import { expect, signIn, test } from './wallet'

test.describe.configure({ mode: 'parallel' })

/** The demo models are published in this order. */
const [tiny, shakespeare] = [1, 2]

/** Opens the programs that run a model, by keyboard, and one of them. */
async function openProgram(page: Page, button: string, program: string): Promise<void> {
  await page.getByRole('button', { name: button }).press('Enter')
  const summary = page.getByRole('dialog').locator('summary').filter({ hasText: program }).first()
  await summary.press('Enter')
  await expect(page.getByRole('dialog').locator('details[open]')).toContainText(program)
}

const tab = (name: string) => (page: Page) => page.getByRole('tab', { name }).click()

const screens: Screen[] = [
  { name: 'explore', path: '/' },
  { name: 'explore-empty', path: '/?search=nothing-has-this-name' },
  { name: 'model', path: `/models/${tiny}` },
  { name: 'model-use', path: `/models/${tiny}`, ready: (page) => openProgram(page, 'Use this model', 'llama.cpp') },
  {
    name: 'model-try',
    path: `/models/${tiny}`,
    ready: async (page) => {
      await tab('Try it')(page)
      await page.getByLabel('Run on').selectOption('wasm')
      await page.getByRole('button', { name: 'Run', exact: true }).click()
      await page.getByText('Length limit reached.').waitFor()
    },
  },
  {
    name: 'model-try-weights',
    path: `/models/${tiny}`,
    ready: async (page) => {
      await tab('Try it')(page)
      await page.getByRole('button', { name: 'Change weights' }).click()
    },
  },
  { name: 'model-family', path: `/models/${shakespeare}`, ready: tab('Family tree') },
  { name: 'model-files', path: `/models/${shakespeare}`, ready: tab('Files') },
  { name: 'model-tensors', path: `/models/${shakespeare}`, ready: tab('Tensors') },
  { name: 'model-terms', path: `/models/${shakespeare}`, ready: tab('Terms') },
  { name: 'model-origin', path: `/models/${tiny}`, ready: tab('Origin') },
  { name: 'model-control', path: `/models/${tiny}`, ready: tab('Control') },
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
  { name: 'courts', path: '/courts' },
  { name: 'sessions-signed-out', path: '/sessions' },
  { name: 'not-found', path: '/models/999999' },
]
for (const screen of screens)
  test(`default: ${screen.name} in both themes, on a phone and on a desktop`, async ({ person }, info) => {
    const { page } = await person()
    await checkScreen(page, screen, info)
  })

test('default: model-try-too-big in both themes, on a phone and on a desktop', async ({ person }, info) => {
  const { page } = await person()
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'deviceMemory', { get: () => 0.25 }))
  const ready = async (page: Page) => {
    await tab('Try it')(page)
    await page.getByText('This model is too large for this device').waitFor()
  }
  await checkScreen(page, { name: 'model-try-too-big', path: `/models/${tiny}`, ready }, info)
})

test('default: pages of a buyer and a creator in both themes, on a phone and on a desktop', async ({
  person,
}, info) => {
  const owner = await person(localAccount('demoCreator'))
  const buyer = await person()
  const { page } = buyer
  const step = (screen: Screen) => test.step(screen.name, () => checkScreen(page, screen, info))

  await openModel(page, 'tiny')
  await signIn(page)
  await step({ name: 'buy-signed-in', path: `/models/${tiny}/buy` })
  await step({ name: 'copies-empty', path: '/copies' })
  await openModel(page, 'tiny')
  const copy = await buy(buyer, parseUsdc('75'))
  await step({ name: 'copies', path: '/copies' })
  await step({ name: 'sessions', path: '/sessions' })
  await step({
    name: 'copy-refusing',
    path: `/copies/${copy}`,
    ready: async (page) => {
      await page.getByText('Refuse this delivery').click()
      await page.getByLabel('Evidence').fill('x'.repeat(400))
    },
  })
  await step({ name: 'copy', path: `/copies/${copy}` })
  await step({
    name: 'copy-use',
    path: `/copies/${copy}`,
    async ready(page) {
      await openProgram(page, 'Use this copy', 'transformers.js')
      await expect(page.getByRole('dialog')).toContainText(`kinmark export copy-${copy} --out models/copy-${copy}`)
      await page.keyboard.press('Escape')
      await expect(page.getByRole('button', { name: 'Use this copy' })).toBeFocused()
      await openProgram(page, 'Use this copy', 'Ollama')
    },
  })
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
      await page.getByRole('region', { name: 'Verdict' }).waitFor()
    },
  })
  await page.goto(`/copies/${copy}`)
  await page.getByRole('button', { name: 'Accept the copy' }).click()
  await expect(page.getByRole('status', { name: 'State' })).toHaveText('active')

  await step({ name: 'copy-active', path: `/copies/${copy}` })
  await step({ name: 'buy-again', path: `/models/${tiny}/buy` })

  await owner.page.goto(`/copies/${copy}`)
  await test.step('copy-of-somebody', () =>
    checkScreen(owner.page, { name: 'copy-of-somebody', path: `/copies/${copy}` }, info))
  await owner.page.goto('/earnings')
  await signIn(owner.page)
  await test.step('earnings', () => checkScreen(owner.page, { name: 'earnings', path: '/earnings' }, info))
})

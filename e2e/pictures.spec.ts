import { readdirSync } from 'node:fs'
import type { Page, TestInfo } from '@playwright/test'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { parseUsdc } from '../lib/format/parse-usdc'
import { chain, faucet, originBond } from './chain'
import { hostileCard, hostileNames } from './hostile'
import { takePictures } from './look'
import { kinmark } from './program'
import { buy, copyModel, signAndPublish, uniqueName, upload } from './steps'
import { expect, type Person, signIn, test } from './wallet'

const longUrl = (host: string) => `https://${host}/${'a-very-long-part-of-an-address/'.repeat(4)}v1`
/** As long as the chain takes: 256 bytes. */
const longText = [...hostileNames]
  .map((name) => [...name].slice(0, 34).join(''))
  .join(' ')
  .slice(0, 120)

/** Publishes a model with this name, a child of `parent` where there is one; returns its id. */
async function publish({ page, wallet }: Person, name: string, folder: string, parent?: string): Promise<string> {
  await faucet(wallet.account, originBond)
  copyModel('tiny', folder, hostileCard(name))
  await page.goto('/publish')
  await upload(page, folder)
  if (parent) {
    await page.getByLabel('Add a parent').fill(parent)
    await page.getByRole('button', { name: /^Add .* as parent$/ }).click()
  }
  return signAndPublish(page)
}

type View = { file: string; path: string; page: Page; ready?: () => Promise<unknown> }

/** Goes through every page of app/, in every state that names and long texts make differ, and takes its picture. */
test(
  'default: every page with long and hostile names, at every width and in both themes',
  { tag: '@pictures' },
  async ({ person, baseURL }, info) => {
    test.setTimeout(1_800_000)
    const [creator, buyer, finder] = [await person(), await person(), await person()]
    for (const { page } of [creator, buyer, finder]) {
      await page.goto('/method')
      await signIn(page)
    }
    const unique = hostileNames.map((name) => `${name} ${uniqueName('h')}`)
    const elder = await publish(creator, unique[0], info.outputPath('elder'))
    await expect.poll(async () => (await creator.page.request.get(`/models/${elder}`)).status()).toBe(200)
    const child = await publish(creator, unique[1], info.outputPath('child'), unique[0].split(' ').pop())
    await publish(creator, unique[2], info.outputPath('third'))
    await buyer.page.goto(`/models/${child}`)
    const copy = await buy(buyer, parseUsdc('1000'))
    await buyer.page.getByRole('button', { name: 'Accept the copy' }).click()
    await expect(buyer.page.getByRole('status', { name: 'State' })).toHaveText(/active/)
    await host(buyer)
    const caseId = await accuse(finder, copy)
    await answer(buyer, caseId)
    await makeToken(creator.page)
    const waiting = kinmark({ KINMARK_HOME: info.outputPath('home'), KINMARK_SITE: baseURL ?? '' }, 'login')
    await expect.poll(() => waiting.said()).toContain('/device?code=')
    const code = /code=([A-Z-]+)/.exec(waiting.said())?.[1]

    const views: View[] = [
      { file: '(read)/page.tsx', path: '/', page: creator.page },
      { file: '(read)/page.tsx', path: `/?search=${'nothing-like-it-'.repeat(8)}`, page: creator.page },
      ...['card', 'try', 'hosts', 'family', 'origin', 'files', 'tensors', 'terms', 'control'].map((tab) => ({
        file: '(read)/models/[id]/page.tsx',
        path: `/models/${child}#${tab}`,
        page: creator.page,
      })),
      { file: '(read)/models/[id]/page.tsx', path: `/models/${elder}#family`, page: creator.page },
      { file: '(read)/developers/page.tsx', path: '/developers', page: creator.page },
      { file: '(read)/method/page.tsx', path: '/method', page: creator.page },
      { file: '(use)/models/[id]/buy/page.tsx', path: `/models/${child}/buy`, page: finder.page },
      { file: '(use)/publish/page.tsx', path: '/publish', page: creator.page, ready: () => chooseParent(creator.page) },
      { file: '(use)/copies/page.tsx', path: '/copies', page: buyer.page },
      { file: '(use)/copies/[id]/page.tsx', path: `/copies/${copy}`, page: buyer.page },
      { file: '(use)/copies/[id]/page.tsx', path: `/copies/${copy}`, page: finder.page },
      { file: '(use)/verify/page.tsx', path: '/verify', page: creator.page },
      { file: '(use)/earnings/page.tsx', path: '/earnings', page: creator.page },
      { file: '(use)/courts/page.tsx', path: '/courts', page: finder.page },
      { file: '(use)/cases/[id]/page.tsx', path: `/cases/${caseId}`, page: finder.page },
      { file: '(use)/hosts/[copy]/[number]/page.tsx', path: `/hosts/${copy}/1`, page: finder.page },
      { file: '(use)/hosting/page.tsx', path: '/hosting', page: buyer.page },
      { file: '(use)/hosting/[copy]/[number]/page.tsx', path: `/hosting/${copy}/1`, page: buyer.page },
      { file: '(use)/sessions/page.tsx', path: '/sessions', page: creator.page },
      { file: '(use)/tokens/page.tsx', path: '/tokens', page: creator.page },
      { file: '(use)/device/page.tsx', path: `/device?code=${code}`, page: creator.page },
    ]
    const files = readdirSync('app', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('page.tsx'))
    expect(files.filter((path) => !views.some(({ file }) => file === path))).toEqual([])
    for (const [number, view] of views.entries()) await test.step(view.path, () => show(view, number, info))
    waiting.child.kill()
    await waiting.ended
  },
)

async function show({ path, page, ready }: View, number: number, info: TestInfo): Promise<void> {
  await page.goto('about:blank')
  expect((await page.goto(path))?.status(), path).toBe(200)
  await page.waitForLoadState('networkidle', { timeout: 5_000 }).catch(() => undefined)
  await ready?.()
  const name = path
    .replace(/\?search.*/, '-search')
    .replace(/\?code.*/, '')
    .replace(/\W+/g, '-')
    .replace(/-$/, '')
  await takePictures(page, `every-${String(number).padStart(2, '0')}${name}`, info)
  await expect.soft(page.getByRole('main')).not.toContainText('\u202E')
}

async function chooseParent(page: Page): Promise<void> {
  await page.getByLabel('Add a parent').fill(hostileNames[1].slice(0, 5))
  await page
    .getByRole('button', { name: /^Add .* as parent$/ })
    .first()
    .click()
}

async function host({ page }: Person): Promise<void> {
  await page.goto('/hosting')
  await page.getByLabel('Public address').fill(longUrl('host.example'))
  await page.getByLabel('Operator key').fill(privateKeyToAccount(generatePrivateKey()).address)
  await page.getByRole('button', { name: 'Open the deployment' }).click()
  await expect(page.getByRole('region', { name: /^Copy \d+ of/ })).toBeVisible()
}

async function accuse({ page, wallet }: Person, copy: string): Promise<string> {
  await faucet(wallet.account, parseUsdc('1000'))
  await page.goto(`/copies/${copy}`)
  await page.getByLabel('What was tested').fill(longUrl('leak.example'))
  await page.getByLabel('Where your evidence is').fill(longText)
  await page.getByRole('button', { name: /Open a case with/ }).click()
  const link = page.getByRole('link', { name: /^Case \d+$/ })
  await expect(link).toBeVisible()
  await chain.mine({ blocks: 1 })
  return (await link.innerText()).replace('Case ', '')
}

async function answer({ page }: Person, id: string): Promise<void> {
  await page.goto(`/cases/${id}`)
  await page.getByLabel('Your answer').fill(longText)
  await page.getByRole('button', { name: 'Answer', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Answer', exact: true })).toBeHidden()
}

async function makeToken(page: Page): Promise<void> {
  await page.goto('/tokens')
  await page.getByLabel('Name').fill(hostileNames[1].slice(0, 100))
  await page.getByRole('button', { name: 'Make token' }).click()
  await expect(page.getByText('Keep this token now')).toBeVisible()
}

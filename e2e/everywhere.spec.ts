import { parseUsdc } from '../lib/format/parse-usdc'
import { sideways } from './look'
import { buy } from './steps'
import { expect, signIn, test } from './wallet'

test.describe.configure({ mode: 'parallel' })

const tiny = '/models/1'
const pages = [
  '/',
  tiny,
  `${tiny}/buy`,
  '/publish',
  '/copies',
  '/verify',
  '/earnings',
  '/method',
  '/courts',
  '/sessions',
  '/hosting',
  '/developers',
  '/tokens',
  '/device',
]

test('behavior: every page fits at 400 % of zoom, which leaves 320 pixels', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 256 })
  for (const path of pages) {
    expect((await page.goto(path))?.status(), path).toBe(200)
    await page.waitForLoadState('networkidle')
    expect(await sideways(page), path).toBeLessThanOrEqual(0)
    // What sticks must leave room to read.
    const stuck = await page.evaluate(() =>
      [...document.querySelectorAll('*')]
        .filter((node) => ['sticky', 'fixed'].includes(getComputedStyle(node).position))
        .reduce(
          (sum, node) => sum + (node.getBoundingClientRect().top <= 0 ? node.getBoundingClientRect().height : 0),
          0,
        ),
    )
    expect(stuck, path).toBeLessThan(128)
  }
})

test('behavior: with forced colours the open tab, the pressed button and the current page can be told', async ({
  page,
}) => {
  await page.emulateMedia({ forcedColors: 'active' })
  await page.goto(tiny)
  const border = (name: string) =>
    page.getByRole('tab', { name }).evaluate((tab) => getComputedStyle(tab).borderBottomColor)
  expect(await border('Card')).not.toBe(await border('Family tree'))
  const current = page.getByRole('banner').getByRole('link', { name: 'Explore' })
  expect(await current.evaluate((link) => getComputedStyle(link).borderBottomStyle)).toBe('solid')
  await page.goto('/method')
  const outline = (name: string) =>
    page.getByRole('button', { name, exact: true }).evaluate((button) => getComputedStyle(button).outlineStyle)
  expect([await outline('The base'), await outline('One copy')]).toEqual(['solid', 'none'])
})

test('behavior: with reduced motion nothing moves', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto('/method')
  await page.getByRole('button', { name: 'One copy', exact: true }).click()
  // A change in no time is still "running" until the next frame. What moves lasts longer than one.
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .map(({ effect }) => Number(effect?.getComputedTiming().endTime))
      .filter((milliseconds) => milliseconds > 1),
  )
  expect(moving).toEqual([])
})

test('behavior: a page printed from the dark theme is dark on white, without buttons', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark', media: 'print' })
  await page.goto(tiny)
  await expect(page.locator('html')).toHaveClass(/dark/)
  const colours = await page.evaluate(() => {
    const { backgroundColor, color } = getComputedStyle(document.body)
    return { backgroundColor, color }
  })
  expect(colours).toEqual({ backgroundColor: 'rgb(255, 255, 255)', color: 'rgb(30, 26, 29)' })
  await expect(page.getByRole('banner')).toBeHidden()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
})

test('behavior: numbers with a decimal comma, and one that may mean two things', async ({ page }) => {
  await page.goto('/publish')
  const price = page.getByLabel('Price of a copy')
  await price.fill('12,5')
  await expect(page.getByText('For a payment of 12.50 USDC')).toBeVisible()
  await price.fill('1,000')
  await expect(page.getByText('“1,000” is not an amount in USDC')).toBeVisible()
  await price.fill('99999999999999')
  await expect(page.getByText(/Enter at most 18,446,744,073,709\.551615 USDC/)).toBeVisible()
})

test('error: what others stored under our names breaks no page', async ({ page }) => {
  await page.addInitScript(() => {
    for (const [key, text] of [
      ['kinmark.publish.form', '{"price":5,"royalty":null}'],
      ['kinmark.publish.parents', '{"id":"1"}'],
      ['wagmi.store', '{"state":5}'],
      ['theme', '<script>'],
      ['kinmark.wallet', '\u0000'],
    ])
      localStorage.setItem(key, text)
  })
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  for (const path of ['/publish', '/', `${tiny}/buy`]) {
    await page.goto(path)
    await page.waitForLoadState('networkidle')
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  }
  await page.goto('/publish')
  await expect(page.getByLabel('Price of a copy')).toHaveValue('25')
  expect(errors).toEqual([])
})

test('error: a value is copied where the browser has no clipboard for pages without TLS', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined }))
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  await page.goto(tiny)
  await page.getByRole('button', { name: 'Copy creator’s address' }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(errors).toEqual([])
})

test('error: a wallet on another network is asked to switch, and signs in', async ({ person }) => {
  const { page, wallet } = await person()
  wallet.chainId = 1
  await page.goto('/copies')
  await page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Test wallet' }).click()
  const sign = page.getByRole('dialog').getByRole('button', { name: /sign message/i })
  await sign.click()
  await expect(page.getByRole('banner').getByRole('button', { name: /0x/ })).toBeVisible()
  expect(wallet.chainId).toBe(31337)
  await expect(page.getByRole('heading', { name: 'No copies yet' })).toBeVisible()
})

test('error: wallets that cannot be loaded say so, and the page goes on', async ({ page }) => {
  await page.goto(tiny)
  await page.waitForLoadState('networkidle')
  await page.route('**/_next/static/**', (route) => route.abort())
  await page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).click()
  await expect(page.getByRole('button', { name: 'Wallets did not load. Reload' })).toBeVisible()
  await expect(page.getByRole('heading', { level: 1, name: 'tiny' })).toBeVisible()
})

test('error: a download without room, and one offline, say what is missing and go on afterwards', async ({
  person,
}) => {
  test.slow()
  const buyer = await person()
  const { page, context } = buyer
  await page.goto(tiny)
  await signIn(page)
  await buy(buyer, parseUsdc('75'))
  const alert = page.getByRole('main').getByRole('alert')
  const start = page.getByRole('button', { name: 'Download and check' })
  const session = await context.newCDPSession(page)
  const origin = new URL(page.url()).origin
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 100_000 })
  await start.click()
  await expect(alert).toContainText(/needs .* more, and .* are free\. Free some space and go on/)
  await session.send('Storage.overrideQuotaForOrigin', { origin })
  await context.setOffline(true)
  await start.click()
  await expect(alert).toContainText('You are offline.')
  await page.getByRole('button', { name: 'Accept the copy' }).click()
  await expect(alert.filter({ hasText: 'offline' }).last()).toBeVisible()
  await context.setOffline(false)
  await start.click()
  await expect(page.getByText('match their SHA-256 and the artifact root on the chain')).toBeVisible()
})

for (const locale of ['de-DE', 'en-US', 'ar-EG'])
  test(`behavior: numbers and dates as in ${locale}, the same on the server and in the browser`, async ({
    browser,
  }) => {
    const context = await browser.newContext({ locale })
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', ({ message }) => errors.push(message))
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    await page.goto(tiny)
    await page.waitForLoadState('networkidle')
    const decimal = locale === 'en-US' ? '25.00' : locale === 'de-DE' ? '25,00' : /25[.,٫]00/
    await expect(page.getByRole('main').getByText(decimal).first()).toBeVisible()
    const moment = await page.locator('time').first().getAttribute('datetime')
    const tag = `${locale}-u-nu-latn`
    const expected = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' }).format(
      new Date(moment ?? 0),
    )
    await expect(page.locator('time').first()).toContainText(expected)
    expect(errors).toEqual([])
    await context.close()
  })

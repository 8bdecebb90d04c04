import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { localAccount } from '../lib/chain/accounts'
import { parseUsdc } from '../lib/format/parse-usdc'
import { faucet, nameMinter, orderGarbage, originBond, payFor, usdOf } from './chain'
import { chooseFolder, expectFocusKept, focusIn, pressAt, signInByKeyboard, tabTo } from './keyboard'
import { copyModel, publishUnsold, uniqueName, upload } from './steps'
import { expect, signIn, test } from './wallet'

test.describe.configure({ mode: 'parallel' })

test('behavior: a person with a keyboard publishes, lets time pass and claims', async ({ person }, info) => {
  test.slow()
  const [creator, payer] = [await person(), await person()]
  const { page, wallet } = creator
  await faucet(wallet.account, originBond)
  const folder = info.outputPath('model')
  copyModel('tiny', folder, `# ${uniqueName('typed')}\nA model.\n`)
  await page.goto('/publish')
  await signInByKeyboard(page)
  await chooseFolder(page, folder)
  await expect(page.getByText('compatible')).toBeVisible()
  await expectFocusKept(page)
  await pressAt(page, /^ ?Upload/)
  await expect(page.getByText('Uploaded and verified')).toBeVisible()
  await expectFocusKept(page)
  await tabTo(page, 'Price of a copy')
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('31')
  await pressAt(page, 'Let visitors try it', 'Space')
  await expect(page.getByLabel('Let visitors try it in the browser')).toBeChecked()
  await pressAt(page, 'Sign and publish')
  await page.waitForURL(/\/models\/\d+$/)
  const id = BigInt(page.url().split('/').pop() ?? '')
  await expect(page.getByText('31.00').first()).toBeVisible()

  await faucet(payer.wallet.account, parseUsdc('100'))
  await payFor(payer.wallet.account, id, parseUsdc('100'))
  for (let epoch = 0; epoch < 2; epoch++) {
    const passed = page.waitForResponse('**/api/epochs/next')
    await pressAt(page, 'Next epoch')
    await passed
    await expect(page.getByRole('button', { name: 'Next epoch' })).toBeEnabled()
    await expectFocusKept(page)
  }
  await page.goto('/earnings')
  await pressAt(page, 'Claim all')
  await expect(page.getByText(/Claimed in block/)).toBeVisible()
  await expectFocusKept(page)
  expect(await usdOf(wallet.account.address)).toBe(parseUsdc('90'))
})

test('behavior: a person with a keyboard verifies a folder', async ({ person }) => {
  test.slow()
  const { page } = await person(localAccount('demoCreator'))
  await page.goto('/verify')
  await signInByKeyboard(page)
  await chooseFolder(page, 'public/models/tiny')
  await expect(page.getByRole('button', { name: 'Change' })).toBeVisible()
  await expectFocusKept(page)
  await tabTo(page, 'your model: all keys')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  await tabTo(page, 'Run on')
  await page.keyboard.type('WebA')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible({ timeout: 180_000 })
  await expectFocusKept(page)
  await pressAt(page, 'Show all')
  await expectFocusKept(page)
})

test('behavior: a person with a keyboard refuses a delivery', async ({ person }, info) => {
  test.slow()
  const [creator, buyer] = [await person(), await person()]
  const minter = privateKeyToAccount(generatePrivateKey())
  const folder = info.outputPath('model')
  copyModel('tiny', folder, `# ${uniqueName('hollow')}\nA model.\n`)
  await faucet(creator.wallet.account, originBond)
  await creator.page.goto('/publish')
  await signIn(creator.page)
  await upload(creator.page, folder)
  const model = BigInt(await publishUnsold(creator))
  await nameMinter(creator.wallet.account, model, minter)
  await faucet(buyer.wallet.account, parseUsdc('75'))
  const copy = await orderGarbage(buyer.wallet.account, model, minter)
  const { page } = buyer
  const listed = async () => (await page.request.get(`/api/copies/${copy}`)).status()
  await expect.poll(listed, { timeout: 60_000 }).toBe(200)
  await page.goto(`/copies/${copy}`)
  await signInByKeyboard(page)
  await pressAt(page, 'Refuse this delivery')
  await tabTo(page, 'Nothing with the delivery’s hash')
  await page.keyboard.press('Space')
  await tabTo(page, 'Evidence')
  await page.keyboard.type('There is no host at files.example.')
  await pressAt(page, 'Refuse the delivery')
  await expect(page.getByRole('status', { name: 'State' })).toHaveText('refused')
  await expect.poll(() => focusIn(page)).toBe('State')
})

import { parameters } from '../lib/deploy/parameters'
import { parseUsdc } from '../lib/format/parse-usdc'
import { earnedBy, faucet, originBond, payFor, usdOf } from './chain'
import { convictChild, enteredInto, originBondOf, owedByCourt } from './courts'
import { copyModel, publishUnsold, uniqueName, upload } from './steps'
import { expect, type Person, signIn, test } from './wallet'

const elder = uniqueName('elder')
const foundling = uniqueName('foundling')
const cost = parseUsdc('20')
const { caseBond } = parameters

test('default: a child hides its parent and is found', async ({ person }, info) => {
  const maker = await person()
  const hider = await person()
  const payer = await person()
  await faucet(maker.wallet.account, originBond + caseBond + caseBond / 50n)
  await faucet(hider.wallet.account, originBond)
  await faucet(payer.wallet.account, parseUsdc('200'))

  const publish = async (owner: Person, model: 'tiny' | 'tiny-shakespeare', name: string) => {
    const { page } = owner
    const folder = info.outputPath(name)
    copyModel(model, folder, `# ${name}\nA model with a history.\n`)
    await page.goto('/publish')
    await signIn(page)
    await upload(page, folder)
    await expect(page.getByText(/Publishing locks a bond of/)).toContainText('100.00 USDC for 15 hours')
    return BigInt(await publishUnsold(owner))
  }

  const [parent, child] =
    await test.step('a model has a key pool, and another is published without naming it', async () => {
      const parent = await publish(maker, 'tiny', elder)
      const child = await publish(hider, 'tiny-shakespeare', foundling)
      await payFor(payer.wallet.account, child, parseUsdc('100'))
      expect(await earnedBy(parent)).toBe(0n)
      return [parent, child] as const
    })

  const origin = maker.page.getByRole('tabpanel', { name: 'Origin' })
  const openOrigin = async () => {
    await maker.page.goto(`/models/${child}`)
    await maker.page.getByRole('tab', { name: 'Origin' }).click()
  }

  const id = await test.step('the parent’s maker opens a case', async () => {
    await openOrigin()
    await expect(origin).toContainText('100.00 USDC locked until')
    await origin.getByLabel('It descends from model').fill(String(parent))
    await origin.getByLabel('Where your evidence is').fill('https://example.com/evidence')
    await origin.getByRole('button', { name: /Open a case with/ }).click()
    const link = origin.getByRole('link', { name: /^Case \d+$/ })
    await expect(link).toBeVisible()
    await expect(origin).toContainText('Undeclared parent')
    return BigInt((await link.innerText()).replace('Case ', ''))
  })

  await test.step('drawn provers find that the keys answer', async () => {
    await convictChild(id, payer.wallet.account, cost)
    await maker.page.goto(`/cases/${id}`)
    await expect(maker.page.getByText('Said to descend from')).toBeVisible()
    await expect(async () => {
      await maker.page.reload()
      await expect(maker.page.getByText('closed: accepted', { exact: true })).toBeVisible({ timeout: 5_000 })
    }).toPass()
    expect(await originBondOf(child)).toBe(0n)
    expect(await owedByCourt(maker.wallet.account.address)).toBe(caseBond + cost)
    await maker.page.getByRole('button', { name: 'Claim' }).click()
    await expect.poll(() => usdOf(maker.wallet.account.address)).toBe(caseBond + cost)
  })

  await test.step('the ancestor is entered, and earns of the next payment', async () => {
    expect(await enteredInto(child)).toEqual([{ id: parent, royaltyBps: 1000 }])
    await payFor(payer.wallet.account, child, parseUsdc('100'))
    expect(await earnedBy(parent)).toBe(parseUsdc('9'))
    expect(await earnedBy(child)).toBe(parseUsdc('90') + parseUsdc('81'))
    await openOrigin()
    await expect(origin).toContainText('100.00 USDC lost to a case')
    await expect(origin.getByRole('link', { name: elder })).toBeVisible()
    await expect(origin).toContainText('10 % of what the model earns')
  })
})

import type { LocalAccount } from 'viem'
import { parameters } from '../lib/deploy/parameters'
import { parseUsdc } from '../lib/format/parse-usdc'
import { collateralOf, faucet, usdOf } from './chain'
import { convictCopy, owedByCourt } from './courts'
import { checkScreen } from './look'
import { keys } from './place'
import { signedMessage } from './sign-in'
import { buy } from './steps'
import { expect, signIn, test } from './wallet'

const tiny = 1
const cost = parseUsdc('12')
const { caseBond } = parameters

test('default: a copy that turns up elsewhere is found, and its collateral is taken', async ({
  person,
  playwright,
}, info) => {
  const buyer = await person()
  const finder = await person()
  const clerk = await person()
  for (const { wallet } of [finder, clerk]) await faucet(wallet.account, caseBond + caseBond / 50n)

  const copy = await test.step('a buyer has a copy', async () => {
    await buyer.page.goto(`/models/${tiny}`)
    await signIn(buyer.page)
    const id = BigInt(await buy(buyer, parseUsdc('1000')))
    await buyer.page.getByRole('button', { name: 'Accept the copy' }).click()
    await expect(buyer.page.getByRole('status', { name: 'State' })).toHaveText(/active/)
    await expect(buyer.page.getByRole('region', { name: 'Cases' })).toBeHidden()
    return id
  })
  const collateral = await collateralOf(copy)

  const { page } = finder
  const cases = page.getByRole('region', { name: 'Cases' })
  const id = await test.step('somebody finds it behind another endpoint and opens a case', async () => {
    await page.goto(`/copies/${copy}`)
    await signIn(page)
    await cases.getByLabel('What was tested').fill('https://leak.example/v1')
    await cases.getByLabel('Where your evidence is').fill('https://evidence.example/1')
    await cases.getByRole('button', { name: /Open a case with 51.00 USDC/ }).click()
    const link = cases.getByRole('link', { name: /^Case \d+$/ })
    await expect(link).toBeVisible()
    expect(await usdOf(finder.wallet.account.address)).toBe(0n)
    return BigInt((await link.innerText()).replace('Case ', ''))
  })

  await test.step('its page, and that of all cases, can be read by everybody', async () => {
    await checkScreen(page, { name: 'case-drawing', path: `/cases/${id}` }, info)
    await checkScreen(page, { name: 'courts-with-case', path: '/courts' }, info)
    await checkScreen(page, { name: 'copy-accused', path: `/copies/${copy}` }, info)
  })

  const keysFor = async (account: LocalAccount) => {
    const request = await playwright.request.newContext({ baseURL: new URL(page.url()).origin })
    await request.post('/api/auth/verify', { data: await signedMessage(request, account) })
    const answer = await request.get(`/api/cases/${id}/keys`)
    const body = await answer.json()
    await request.dispose()
    return { status: answer.status(), body }
  }

  await test.step('jurors get the keys, nobody else does, and the minter opens them after the votes', async () => {
    await convictCopy(id, copy, clerk.wallet.account, {
      cost,
      meanwhile: async ({ panel, eighth }) => {
        const { status, body } = await keysFor(panel[0])
        expect([status, body.copyId, body.eighth]).toEqual([200, String(copy), eighth])
        expect(body.keys.length).toBeGreaterThan(keys / 16)
        expect(body.responses).toHaveLength(body.keys.length)
        for (const { wallet } of [buyer, finder, clerk])
          expect(await keysFor(wallet.account)).toMatchObject({ status: 403, body: { code: 'market.not-juror' } })
      },
    })
    // What the seven lowest stakes can lose bounds what they take; it is more than this copy’s collateral.
    expect(await collateralOf(copy)).toBe(0n)
    expect(collateral).toBe(parseUsdc('50'))
    expect(await owedByCourt(finder.wallet.account.address)).toBe(caseBond + cost)
  })

  await test.step('the finder claims its bond and what finding it cost', async () => {
    await page.goto(`/cases/${id}`)
    await expect(async () => {
      await page.reload()
      await expect(page.getByText('closed: accepted', { exact: true })).toBeVisible({ timeout: 5_000 })
    }).toPass()
    await checkScreen(page, { name: 'case-closed', path: `/cases/${id}` }, info)
    await page.getByRole('button', { name: 'Claim' }).click()
    await expect.poll(() => usdOf(finder.wallet.account.address)).toBe(caseBond + cost)
  })
})

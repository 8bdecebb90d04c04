import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { parseUsdc } from '../lib/format/parse-usdc'
import { bondOf, creditOf, faucet, nameMinter, orderGarbage, originBond, passAnswerWindow, usdOf } from './chain'
import { copyModel, publishUnsold, uniqueName, upload } from './steps'
import { expect, signIn, test } from './wallet'

const [price, collateral, penalty] = ['25', '50', '5'].map((text) => parseUsdc(text))
const name = uniqueName('hollow')

test('default: a garbage copy is refused and its minter pays', async ({ person }, info) => {
  const creator = await person()
  const buyer = await person()
  const minter = privateKeyToAccount(generatePrivateKey())
  const folder = info.outputPath('hollow')
  copyModel('tiny', folder, `# ${name}\nA model whose second minter delivers nothing of use.\n`)
  await faucet(creator.wallet.account, originBond)
  await faucet(buyer.wallet.account, price + collateral)

  const model = await test.step('a creator publishes a model and names a second minter', async () => {
    const { page, wallet } = creator
    await page.goto('/publish')
    await signIn(page)
    await upload(page, folder)
    const id = BigInt(await publishUnsold(creator))
    await nameMinter(wallet.account, id, minter)
    await buyer.page.goto(`/models/${id}`)
    await signIn(buyer.page)
    return id
  })
  const bond = await bondOf(minter.address)

  const copy = await test.step('a buyer orders a copy from it, and it delivers garbage', async () => {
    return orderGarbage(buyer.wallet.account, model, minter)
  })

  await test.step('the buyer refuses the delivery and says why', async () => {
    const { page } = buyer
    const listed = async () => (await page.request.get(`/api/copies/${copy}`)).status()
    await expect.poll(listed).toBe(200)
    await page.goto(`/copies/${copy}`)
    const state = page.getByRole('status', { name: 'State' })
    await expect(state).toHaveText('delivered: check and accept')
    await page.getByText('Refuse this delivery').click()
    const refuse = page.getByRole('button', { name: 'Refuse the delivery' })
    await expect(refuse).toBeDisabled()
    await page.getByLabel('Nothing with the delivery’s hash is at its address', { exact: false }).check()
    await page
      .getByRole('region', { name: 'Is something wrong?' })
      .getByLabel('Evidence')
      .fill('There is no host at files.example.')
    await refuse.click()
    await expect(state).toHaveText('refused')
    await expect(page.getByText('“There is no host at files.example.”')).toBeVisible()
  })

  await test.step('the minter says nothing: the buyer takes its money back', async () => {
    const { page, wallet } = buyer
    await passAnswerWindow()
    await page.reload()
    await page.getByRole('button', { name: 'Request refund' }).click()
    await expect(page.getByRole('status', { name: 'State' })).toHaveText('refunded')
    expect(await usdOf(wallet.account.address)).toBe(price + collateral / 2n)
    expect(await creditOf(wallet.account.address)).toBe(penalty)
    expect(await bondOf(minter.address)).toBe(bond - penalty)
    await expect(page.getByText('Leak bond released until')).toBeVisible()
  })

  await test.step('the buyer claims the penalty that the minter has paid', async () => {
    const { page, wallet } = buyer
    await page.goto('/earnings')
    await expect(page.getByText('Credited to your account: cuts, refunds and penalties')).toBeVisible()
    await page.getByRole('button', { name: 'Claim all' }).click()
    await expect(page.getByText(/Claimed in block/)).toBeVisible()
    expect(await usdOf(wallet.account.address)).toBe(price + collateral / 2n + penalty)
  })
})

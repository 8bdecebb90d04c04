import { controllerOf, faucet, originBond, retire, sendShares } from './chain'
import { copyModel, nextEpoch, publishUnsold, uniqueName, upload } from './steps'
import { expect, signIn, test } from './wallet'

test('default: holders of a majority decide at once, and lose that by selling', async ({ person }, info) => {
  const creator = await person()
  const holder = await person()
  const buyer = await person()
  for (const { wallet } of [creator, holder, buyer]) await faucet(wallet.account, originBond)
  const [seller, majority] = [creator.wallet.account, holder.wallet.account]
  const folder = info.outputPath('shared')
  copyModel('tiny', folder, `# ${uniqueName('shared')}\nA model that changes hands.\n`)

  const model = await test.step('a creator publishes a model and sells most of its shares', async () => {
    const { page } = creator
    await page.goto('/publish')
    await signIn(page)
    await upload(page, folder)
    const id = BigInt(await publishUnsold(creator))
    expect(await controllerOf(id)).toBe(seller.address)
    await sendShares(seller, id, majority.address, 600_000n)
    expect(await controllerOf(id)).not.toBe(seller.address)
    await expect(retire(seller, id)).rejects.toThrow('NotController')
    return id
  })
  const { page } = holder
  const control = page.getByRole('tabpanel', { name: 'Control' })
  const openControl = async () => {
    await page.goto(`/models/${model}`)
    await page.getByRole('tab', { name: 'Control' }).click()
  }

  await test.step('the holder announces its majority, and decides an epoch later', async () => {
    await page.goto(`/models/${model}`)
    await signIn(page)
    await openControl()
    await expect(control).toContainText('the holders, by votes')
    await control.getByRole('button', { name: 'Announce your majority' }).click()
    await expect(control).toContainText('Has announced a majority')
    await expect(retire(majority, model)).rejects.toThrow('NotController')
    await nextEpoch(page)
    await nextEpoch(page)
    expect(await controllerOf(model)).toBe(majority.address)
    await openControl()
    await expect(control).not.toContainText('the holders, by votes')
    await retire(majority, model)
    await expect(async () => {
      await page.goto(`/models/${model}`)
      await expect(page.getByText('retired: no new copies', { exact: true })).toBeVisible({ timeout: 5_000 })
    }).toPass()
  })

  await test.step('it sells a fifth of the shares, and decides no longer', async () => {
    await sendShares(majority, model, buyer.wallet.account.address, 200_000n)
    expect(await controllerOf(model)).not.toBe(majority.address)
    await expect(retire(majority, model)).rejects.toThrow('NotController')
    await expect(async () => {
      await openControl()
      await expect(control).toContainText('the holders, by votes', { timeout: 5_000 })
      await expect(control).toContainText('400,000', { timeout: 5_000 })
      // The seller has as many: the page may show the shares from before.
      await expect(control.getByRole('button', { name: 'Announce your majority' })).toBeHidden({ timeout: 5_000 })
    }).toPass()
  })
})

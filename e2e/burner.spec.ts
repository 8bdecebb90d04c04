import { expect, test } from '@playwright/test'
import { openModel } from './steps'

test('default: a visitor without a wallet gets a funded burner wallet on the local chain, and has it after a reload', async ({
  page,
}) => {
  await openModel(page, 'tiny')
  await page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Burner wallet' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /sign message/i })
    .click()
  const account = page.getByRole('banner').getByRole('button', { name: /0x/ })
  const name = await account.innerText()
  await page.getByRole('link', { name: 'Get a copy' }).click()
  await expect(page.getByText('You have 1,000.00 USDC, enough for 75.00 USDC.')).toBeVisible()
  await page.reload()
  await expect(account).toHaveText(name)
})

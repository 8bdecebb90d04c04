import { expect, test } from '@playwright/test'

test('default: the page explains fingerprints and names colluders', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('contentinfo').getByRole('link', { name: 'How fingerprints work' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'How fingerprints work' })).toBeVisible()

  const answer = page.getByRole('list', { name: /^Next tokens/ })
  await expect(answer).toHaveAccessibleName('Next tokens of the base')
  await page.getByRole('button', { name: 'One copy', exact: true }).click()
  await expect(answer).toHaveAccessibleName('Next tokens of one copy')

  const leak = page.getByRole('region', { name: 'Tracing a leak' })
  const verdict = leak.getByRole('status')
  await expect(verdict).toContainText(/Named: (Ben|Gil)/)
  await leak.getByLabel('Ben').uncheck()
  await expect(verdict).toContainText('Named: Gil.')
  await leak.getByLabel('Gil').uncheck()
  await expect(verdict).toContainText('No one can be named')

  await expect(page.getByRole('region', { name: 'Modified weights' }).getByText('int4, groups of 32')).toBeVisible()
})

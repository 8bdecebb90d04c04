import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faucet, originBond } from './chain'
import { hostileCard, hostileNames } from './hostile'
import { sideways } from './look'
import { copyModel, pickFolder, publishUnsold, uniqueName, upload } from './steps'
import { expect, signIn, test } from './wallet'

test.describe.configure({ mode: 'parallel' })

test('error: files with names that no other system may have are left out, and too many are said at once', async ({
  page,
}, info) => {
  const folder = info.outputPath('model')
  copyModel('tiny', folder, '# Named\nA model.\n')
  for (const name of ['sample output (1).txt', '図.png']) writeFileSync(join(folder, name), 'x')
  await page.goto('/publish')
  await pickFolder(page, 'Model', folder)
  await expect(page.getByText('Left out: sample output (1).txt, 図.png.')).toBeVisible()
  await expect(page.getByText('compatible')).toBeVisible()
  mkdirSync(join(folder, 'many'))
  for (let i = 0; i < 1000; i++) writeFileSync(join(folder, 'many', `${i}.md`), 'x')
  await page.getByRole('button', { name: 'Change folder' }).click()
  await pickFolder(page, 'Model', folder)
  await expect(page.getByRole('main').getByRole('alert')).toContainText(/has 1\d\d\d files; a model may have 1000/)
})

test('behavior: names of any length and script stay in their place on every page that shows them', async ({
  person,
}, info) => {
  test.slow()
  const creator = await person()
  const { page, wallet } = creator
  await faucet(wallet.account, originBond)
  const folder = info.outputPath('model')
  const unique = uniqueName('long')
  copyModel('tiny', folder, hostileCard(`${unique} ${hostileNames.join('')}`))
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  writeFileSync(join(folder, 'loss.png'), Buffer.from(pixel, 'base64'))
  await page.goto('/publish')
  await signIn(page)
  await upload(page, folder)
  const id = await publishUnsold(creator)
  const phone = { width: 390, height: 844 }
  await page.setViewportSize(phone)
  const main = page.getByRole('main')
  const views: [string, (() => Promise<unknown>)?][] = [
    ['/'],
    [`/?search=${unique}`],
    [`/models/${id}`],
    ...['try', 'hosts', 'family', 'origin', 'files', 'tensors', 'terms', 'control'].map((tab): [string] => [
      `/models/${id}#${tab}`,
    ]),
    [`/models/${id}/buy`],
    ['/verify'],
    ['/earnings'],
    [
      '/publish',
      async () => {
        await page.getByLabel('Add a parent').fill(unique)
        await page.getByRole('button', { name: /^Add / }).click()
        await expect(page.getByRole('button', { name: /^Remove / })).toBeVisible()
      },
    ],
  ]
  for (const [path, act] of views) {
    await page.setViewportSize(phone)
    await page.goto(path)
    await expect(main).toBeVisible()
    await page.waitForLoadState('networkidle')
    await act?.()
    expect.soft(await sideways(page), path).toBeLessThanOrEqual(0)
    expect.soft(await main.innerText(), path).not.toContain('\u202E')
  }
  await page.goto(`/models/${id}`)
  await expect(main.getByRole('link', { name: 'Use', exact: true })).toHaveAttribute('href', '#user-content-use')
  await expect(main.getByText('Gone')).not.toHaveAttribute('href')
  const picture = main.getByRole('img', { name: 'Loss' })
  await picture.scrollIntoViewIfNeeded()
  await expect.poll(() => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(1)
  await main.getByText('More', { exact: true }).click()
  await expect(main.locator('math')).toBeVisible()
  const refused = await page.request.get(`/api/models/${id}/files/model.safetensors`, { headers: { cookie: '' } })
  expect(refused.status()).toBe(403)
})

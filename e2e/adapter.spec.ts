import { createHash } from 'node:crypto'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { mergedWeights, namedBase, writeAdapter } from '../test/fixtures/adapter'
import { faucet, originBond } from './chain'
import { pickFolder, publishUnsold, uniqueName } from './steps'
import { expect, signIn, test } from './wallet'

const name = uniqueName('sonneteer')
const base = 'public/models/tiny'

const alert = (page: Page) => page.getByRole('main').getByRole('alert')
const isAsked = (page: Page) => expect(page.getByText(`This folder is an adapter of ${namedBase}.`)).toBeVisible()

test('default: an adapter is merged with its base, and published as a child of relation “adapter”', async ({
  person,
}, info) => {
  const creator = await person()
  const { page, wallet } = creator
  await faucet(wallet.account, originBond)
  const card = `# ${name}\nAn adapter that speaks in sonnets.\n`
  const adapter = await writeAdapter(info.outputPath('adapter'), { card })
  await page.goto('/publish')
  await signIn(page)
  await pickFolder(page, 'Model', adapter)
  await isAsked(page)
  await pickFolder(page, 'Base', base)
  await expect(page.getByText(`An adapter, merged into ${namedBase}.`)).toBeVisible()
  await expect(page.getByText(name)).toBeVisible()

  const announced = page.waitForRequest(
    (request) => /\/api\/drafts$/.test(request.url()) && request.method() === 'POST',
  )
  await page.getByRole('button', { name: 'Upload' }).click()
  const { files } = (await announced).postDataJSON() as { files: { path: string; sha256: string }[] }
  await expect(page.getByText('Uploaded and verified')).toBeVisible()
  const weights = files.find(({ path }) => path === 'model.safetensors')
  const unmerged = createHash('sha256').update(readFileSync(join(base, 'model.safetensors')))
  expect(weights?.sha256).toBe(await mergedWeights(adapter, base))
  expect(weights?.sha256).not.toBe(unmerged.digest('hex'))
  expect(files.map(({ path }) => path)).not.toContain('adapter_config.json')

  await page.getByLabel('Add a parent').fill('tiny')
  await page.getByRole('button', { name: 'Add tiny as parent' }).click()
  await expect(page.getByLabel('Relation to tiny')).toHaveValue('adapter')
  await publishUnsold(creator)
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
  await page.getByRole('tab', { name: 'Family tree' }).click()
  const row = page.getByRole('row').filter({ has: page.getByRole('cell', { name: 'adapter', exact: true }) })
  await expect(row).toContainText('tiny')
})

test('error: an adapter of another method, or none at all, is refused before its base is asked for', async ({
  page,
}, info) => {
  await page.goto('/publish')
  await pickFolder(page, 'Model', await writeAdapter(info.outputPath('dora'), { change: { use_dora: true } }))
  await expect(alert(page)).toContainText('DoRA')
  await pickFolder(
    page,
    'Model',
    await writeAdapter(info.outputPath('prompt'), { change: { peft_type: 'PROMPT_TUNING' } }),
  )
  await expect(alert(page)).toContainText('PROMPT_TUNING')
  const broken = await writeAdapter(info.outputPath('broken'))
  writeFileSync(join(broken, 'adapter_config.json'), '{')
  await pickFolder(page, 'Model', broken)
  await expect(alert(page)).toContainText('adapter_config.json')
})

test('error: a base that does not fit says why, and the adapter waits for the right one', async ({ page }, info) => {
  const adapter = await writeAdapter(info.outputPath('adapter'))
  const narrow = info.outputPath('narrow')
  cpSync(base, narrow, { recursive: true })
  rmSync(join(narrow, 'config.json'))
  await page.goto('/publish')
  await pickFolder(page, 'Model', adapter)
  await isAsked(page)
  await pickFolder(page, 'Base', narrow)
  await expect(alert(page)).toContainText(/config\.json.*missing/)
  await pickFolder(page, 'Base', adapter)
  await expect(alert(page)).toContainText('adapter')
  await isAsked(page)
  await pickFolder(page, 'Base', 'public/models/quill')
  await expect(alert(page)).toContainText('192')
  await pickFolder(page, 'Base', base)
  await expect(page.getByText(`An adapter, merged into ${namedBase}.`)).toBeVisible()

  await page.getByRole('button', { name: 'Change folder' }).click()
  await pickFolder(
    page,
    'Model',
    await writeAdapter(info.outputPath('deeper'), { module: 'model.layers.40.mlp.gate_proj' }),
  )
  await isAsked(page)
  await pickFolder(page, 'Base', base)
  await expect(alert(page)).toContainText('model.layers.40.mlp.gate_proj')
  await page.getByRole('button', { name: 'Change folder' }).click()
  await pickFolder(page, 'Model', base)
  await expect(page.getByText('compatible')).toBeVisible()
})

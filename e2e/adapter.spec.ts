import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { fromFloat32 } from '../lib/weights/dtype/float32'
import { mergedFolder } from '../lib/weights/lora/merged-folder'
import { safetensors } from '../test/fixtures/model-folder'
import { faucet, originBond } from './chain'
import { pickFolder, signAndPublish, uniqueName } from './steps'
import { expect, signIn, test } from './wallet'

const name = uniqueName('sonneteer')
const base = 'public/models/tiny'
const module = 'model.layers.1.self_attn.q_proj'

/** Writes a LoRA adapter of tiny's queries, of rank 2. `change` changes its config; `target` is what it adds to. */
async function writeAdapter(folder: string, change: object = {}, target = module): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const settings = { peft_type: 'LORA', r: 2, lora_alpha: 4, base_model_name_or_path: 'kinmark/tiny', ...change }
  writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify(settings))
  writeFileSync(join(folder, 'README.md'), `# ${name}\nAn adapter that speaks in sonnets.\n`)
  const numbers = Float32Array.from({ length: 384 }, (_, i) => ((i * 7) % 11) / 100)
  const part = (which: string, shape: number[]) => ({
    ...{ name: `base_model.model.${target}.lora_${which}.weight`, dtype: 'F32', shape },
    data: fromFloat32(numbers, 'F32'),
  })
  const { bytes } = safetensors('adapter_model.safetensors', [part('A', [2, 192]), part('B', [192, 2])])
  writeFileSync(join(folder, 'adapter_model.safetensors'), await bytes.slice(0, bytes.byteLength))
  return folder
}

const filesOf = (folder: string) =>
  readdirSync(folder).map((path) => ({ path, file: new File([readFileSync(join(folder, path))], path) }))

const alert = (page: Page) => page.getByRole('main').getByRole('alert')
const isAsked = (page: Page) => expect(page.getByText('This folder is an adapter of kinmark/tiny.')).toBeVisible()

test('default: an adapter is merged with its base, and published as a child of relation “adapter”', async ({
  person,
}, info) => {
  const { page, wallet } = await person()
  await faucet(wallet.account, originBond)
  const adapter = await writeAdapter(info.outputPath('adapter'))
  await page.goto('/publish')
  await signIn(page)
  await pickFolder(page, 'Model', adapter)
  await isAsked(page)
  await pickFolder(page, 'Base', base)
  await expect(page.getByText('An adapter, merged into kinmark/tiny.')).toBeVisible()
  await expect(page.getByText(name)).toBeVisible()

  const announced = page.waitForRequest(
    (request) => /\/api\/drafts$/.test(request.url()) && request.method() === 'POST',
  )
  await page.getByRole('button', { name: 'Upload' }).click()
  const { files } = (await announced).postDataJSON() as { files: { path: string; sha256: string }[] }
  await expect(page.getByText('Uploaded and verified')).toBeVisible()
  const merged = (await mergedFolder(filesOf(adapter), filesOf(base))).find(({ path }) => path === 'model.safetensors')
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
  const weights = files.find(({ path }) => path === 'model.safetensors')
  expect(weights?.sha256).toBe(sha256(new Uint8Array(await merged!.file.arrayBuffer())))
  expect(weights?.sha256).not.toBe(sha256(readFileSync(join(base, 'model.safetensors'))))
  expect(files.map(({ path }) => path)).not.toContain('adapter_config.json')

  await page.getByLabel('Add a parent').fill('tiny')
  await page.getByRole('button', { name: 'Add tiny as parent' }).click()
  await expect(page.getByLabel('Relation to tiny')).toHaveValue('adapter')
  await signAndPublish(page)
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
  await page.getByRole('tab', { name: 'Family tree' }).click()
  const row = page.getByRole('row').filter({ has: page.getByRole('cell', { name: 'adapter', exact: true }) })
  await expect(row).toContainText('tiny')
})

test('error: an adapter of another method, or none at all, is refused before its base is asked for', async ({
  page,
}, info) => {
  await page.goto('/publish')
  await pickFolder(page, 'Model', await writeAdapter(info.outputPath('dora'), { use_dora: true }))
  await expect(alert(page)).toContainText('DoRA')
  await pickFolder(page, 'Model', await writeAdapter(info.outputPath('prompt'), { peft_type: 'PROMPT_TUNING' }))
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
  await expect(page.getByText('An adapter, merged into kinmark/tiny.')).toBeVisible()

  await page.getByRole('button', { name: 'Change folder' }).click()
  await pickFolder(page, 'Model', await writeAdapter(info.outputPath('deeper'), {}, 'model.layers.40.mlp.gate_proj'))
  await isAsked(page)
  await pickFolder(page, 'Base', base)
  await expect(alert(page)).toContainText('model.layers.40.mlp.gate_proj')
  await page.getByRole('button', { name: 'Change folder' }).click()
  await pickFolder(page, 'Model', base)
  await expect(page.getByText('compatible')).toBeVisible()
})

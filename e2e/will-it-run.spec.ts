import type { Page } from '@playwright/test'
import { openModel, pickFolder } from './steps'
import { expect, test } from './wallet'

/** What every answer says: where it runs, in which precision, with how much memory, and for how long. */
const answer =
  /Runs here (in WebAssembly|on the graphics card), in float(16|32), with \d+\.\d [MG]B of memory and (about|more than) [\d.]+ keys a second: 100 keys take (at most|about) /

/** Requests for files of a model. */
function loadedWeights(page: Page): string[] {
  const loaded: string[] = []
  page.on('request', (request) => {
    if (/safetensors|\/blobs\//.test(request.url())) loaded.push(request.url())
  })
  return loaded
}

test('default: the model page says whether it runs here before any weights are loaded', async ({ page }) => {
  const loaded = loadedWeights(page)
  await openModel(page, 'tiny')
  await page.getByRole('tab', { name: 'Try it' }).click()
  await page.getByRole('button', { name: 'Will it run here?' }).click()
  await expect(page.getByText(answer)).toBeVisible()
  expect(loaded).toEqual([])
})

test('default: the verify page says it of a folder as soon as it is chosen', async ({ page }) => {
  await page.goto('/verify')
  await pickFolder(page, 'Suspect', 'public/models/tiny')
  await expect(page.getByText(answer)).toBeVisible()
})

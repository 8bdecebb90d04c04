import { localAccount } from '../lib/chain/accounts'
import { parseUsdc } from '../lib/format/parse-usdc'
import { buy, download, openModel, verifyFolder } from './steps'
import { expect, signIn, test } from './wallet'

test('behavior: WebAssembly and WebGPU give the same response to every key', async ({ person }, info) => {
  test.setTimeout(600_000) // WebGPU is emulated on machines without a graphics card
  const owner = await person(localAccount('demoCreator'))
  const buyer = await person()
  await openModel(buyer.page, 'tiny')
  await signIn(buyer.page)
  await buy(buyer, parseUsdc('75'))
  const folder = await download(buyer.page, info.outputPath('copy'))

  const { page } = owner
  await page.goto('/verify')
  await signIn(page)
  const wasm = await verifyFolder(page, { folder, model: 'tiny', backend: 'wasm' })
  await expect(page.getByText(/128 keys on WebAssembly/)).toBeVisible()
  const webgpu = await verifyFolder(page, { folder, model: 'tiny', backend: 'webgpu' })
  await expect(page.getByText(/128 keys on WebGPU/)).toBeVisible()
  expect(wasm.length).toBe(129)
  expect(webgpu).toEqual(wasm)
})

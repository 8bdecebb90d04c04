import { parseUsdc } from '../lib/format/parse-usdc'
import { buy, download, openModel, verifyFolder } from './steps'
import { expect, signIn, test } from './wallet'

/** Keys whose two likeliest answers are as likely to within rounding: either may win, and no verdict rests on one key. */
const undecided = 2

test('behavior: WebAssembly and WebGPU give the same response to every key that rounding does not decide', async ({
  person,
}, info) => {
  test.setTimeout(600_000) // WebGPU is emulated on machines without a graphics card
  const buyer = await person()
  await openModel(buyer.page, 'tiny')
  await signIn(buyer.page)
  const copy = await buy(buyer, parseUsdc('75'))
  const folder = await download(buyer.page, info.outputPath('copy'))

  const { page } = buyer
  const keys = `Copy ${copy} of tiny`
  const wasm = await verifyFolder(page, { folder, keys, backend: 'wasm' })
  await expect(page.getByText(/64 keys on WebAssembly/)).toBeVisible()
  const webgpu = await verifyFolder(page, { folder, keys, backend: 'webgpu' })
  await expect(page.getByText(/64 keys on WebGPU/)).toBeVisible()
  expect(wasm.length).toBe(65)
  expect(webgpu.length).toBe(65)
  expect(webgpu.filter((row, i) => row !== wasm[i]).length).toBeLessThanOrEqual(undecided)
})

import { parseUsdc } from '../lib/format/parse-usdc'
import { buy, disclosedOf, download, keysOfCopy, openModel, verifyFolder } from './steps'
import { expect, signIn, test } from './wallet'

/** One key of so many may have two answers that are as likely to within rounding: either may win. */
const undecided = 32

test('behavior: WebAssembly and WebGPU give the same response to every key that rounding does not decide', async ({
  person,
}, info) => {
  const buyer = await person()
  await openModel(buyer.page, 'tiny')
  await signIn(buyer.page)
  const copy = await buy(buyer, parseUsdc('75'))
  const disclosed = disclosedOf(await keysOfCopy(buyer.page))
  const folder = await download(buyer.page, info.outputPath('copy'))

  const { page } = buyer
  const set = `Copy ${copy} of tiny`
  const wasm = await verifyFolder(page, { folder, keys: set, backend: 'wasm' })
  await expect(page.getByText(`${disclosed} keys on WebAssembly`)).toBeVisible()
  const webgpu = await verifyFolder(page, { folder, keys: set, backend: 'webgpu' })
  await expect(page.getByText(`${disclosed} keys on WebGPU`)).toBeVisible()
  expect(wasm).toHaveLength(disclosed + 1)
  expect(webgpu).toHaveLength(disclosed + 1)
  expect(webgpu.filter((row, i) => row !== wasm[i]).length).toBeLessThanOrEqual(disclosed / undecided)
})

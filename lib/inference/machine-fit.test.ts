import { expect, test } from 'vitest'
import { machineFit } from './machine-fit'

const machine = { memory: Number.POSITIVE_INFINITY, flops: 32e9, webgpu: [] }
const model = { parameters: 1e9, dtype: 'BF16' }

test('default: WebAssembly holds float32 where it fits, else float16', () => {
  expect(machineFit({ parameters: 1e8, dtype: 'BF16' }, machine)).toEqual({
    ...{ fits: true, backend: 'wasm', precision: 'F32', needed: 4e8 + 2 ** 28, keysPerSecond: 10 },
  })
  expect(machineFit({ ...model, parameters: 1.5e9 }, machine)).toMatchObject({
    precision: 'F16',
    needed: 3e9 + 2 ** 28,
  })
})

test('behavior: a graphics card holds the precision of the files, if it can', () => {
  const webgpu = ['F16', 'F32'] as const
  expect(machineFit(model, { ...machine, webgpu })).toMatchObject({ backend: 'webgpu', precision: 'F16' })
  expect(machineFit({ ...model, dtype: 'F32' }, { ...machine, webgpu })).toMatchObject({ precision: 'F32' })
  expect(machineFit({ parameters: 1.5e9, dtype: 'F32' }, { ...machine, webgpu })).toMatchObject({ precision: 'F16' })
})

test('behavior: a model that does not fit the page, or the device', () => {
  expect(machineFit({ ...model, parameters: 8e9 }, machine)).toEqual({
    ...{ fits: false, needed: 16e9 + 2 ** 28, available: 2 ** 32 },
  })
  expect(machineFit(model, { ...machine, memory: 2 ** 31 })).toMatchObject({ fits: false, available: 2 ** 31 })
})

/** Bytes of one element, for every safetensors type whose elements are whole bytes. */
const widths = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const

export type Dtype = keyof typeof widths

/** Types that weights can be run from without dequantisation. */
export const weightDtypes = ['F32', 'F16', 'BF16'] as const
export type WeightDtype = (typeof weightDtypes)[number]

export function isDtype(name: unknown): name is Dtype {
  return typeof name === 'string' && Object.hasOwn(widths, name)
}

export function isWeightDtype(dtype: string): dtype is WeightDtype {
  return (weightDtypes as readonly string[]).includes(dtype)
}

export function widthOf(dtype: Dtype): number {
  return widths[dtype]
}

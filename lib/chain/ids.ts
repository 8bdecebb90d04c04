declare const kind: unique symbol

/** A uint256 in decimal, as it travels in URLs and JSON. */
type Id<Kind extends string> = string & { readonly [kind]: Kind }

export type ModelId = Id<'model'>
export type CopyId = Id<'copy'>

export const toModelId = (id: bigint): ModelId => String(id) as ModelId
export const toCopyId = (id: bigint): CopyId => String(id) as CopyId

/** The copy of a model that visitors load. It has fingerprints and no order: orders count from 1. */
export const visitorsCopyId = toCopyId(0n)

/** The id in a URL or a form; null for anything but a uint256 in decimal without leading zeros. */
export const parseModelId = (text: string): ModelId | null => (isUint256(text) ? (text as ModelId) : null)
export const parseCopyId = (text: string): CopyId | null => (isUint256(text) ? (text as CopyId) : null)

const isUint256 = (text: string) => /^(0|[1-9]\d{0,77})$/.test(text) && BigInt(text) < 2n ** 256n

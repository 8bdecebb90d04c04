import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { blobBytes, type NamedBytes } from './bytes'

/** Files for tests. */
export function named(path: string, ...parts: (string | Uint8Array)[]): NamedBytes {
  return { path, bytes: blobBytes(new Blob(parts as BlobPart[])) }
}

/** A safetensors file with any header, right or wrong. */
export function withHeader(header: unknown, data = new Uint8Array(0), announced?: bigint): NamedBytes {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, announced ?? BigInt(json.length), true)
  return named('model.safetensors', length, json, data)
}

/** A safetensors file that holds these tensors, one after the other. */
export function safetensors(
  path: string,
  tensors: { name: string; dtype: string; shape: readonly number[]; data: Uint8Array }[],
) {
  let at = 0
  const header = tensors.map(({ name, dtype, shape, data }) => {
    const begin = at
    at += data.length
    return [name, { dtype, shape, data_offsets: [begin, at] }] as const
  })
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)))
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, BigInt(json.length), true)
  return named(path, length, json, ...tensors.map(({ data }) => data))
}

/** A demo model's files. */
export function demoFiles(
  model: 'tiny' | 'tiny-shakespeare',
  change: Record<string, string | Uint8Array | null> = {},
): NamedBytes[] {
  const folder = `public/models/${model}`
  const kept = readdirSync(folder).filter((path) => !(path in change))
  const changed = Object.entries(change).flatMap(([path, content]) => (content === null ? [] : [named(path, content)]))
  return [...kept.map((path) => named(path, readFileSync(join(folder, path)))), ...changed]
}

/** The matrix of the demo models that a fingerprint edits. */
export const tinyWriter = (layer: number) => `model.layers.${layer}.mlp.down_proj.weight`

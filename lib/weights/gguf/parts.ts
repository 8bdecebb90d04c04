import { KinmarkError } from '../../error'
import type { NamedBytes } from '../bytes'
import { type Gguf, readGguf } from './read-gguf'

const partName = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/

/**
 * The GGUF file at the top of a folder, or all parts of one that llama.cpp split, in order; empty where safetensors hold
 * the weights. Throws `weights.several-gguf-files` and `weights.gguf-part-missing`.
 */
export function ggufFiles(files: readonly NamedBytes[]): readonly NamedBytes[] {
  if (files.some(({ path }) => path.endsWith('.safetensors'))) return []
  const found = files.filter(({ path }) => path.endsWith('.gguf') && !path.includes('/'))
  const named = found.map(({ path }) => partName.exec(path))
  const [first] = named
  if (found.length === 0 || (found.length === 1 && !first)) return found
  if (!first || named.some((name) => name?.[1] !== first[1] || name?.[3] !== first[3]))
    throw new KinmarkError('weights.several-gguf-files', { paths: found.map(({ path }) => path) })
  const count = Number(first[3])
  return Array.from({ length: count }, (_, i) => {
    const path = `${first[1]}-${String(i + 1).padStart(5, '0')}-of-${first[3]}.gguf`
    const part = found.find((file) => file.path === path)
    if (!part) throw new KinmarkError('weights.gguf-part-missing', { path, count })
    return part
  })
}

/** Reads the header of every part: the metadata of the first, the tensors of all. Throws `weights.*`. */
export async function readGgufParts(parts: readonly NamedBytes[]): Promise<Gguf> {
  const headers = await Promise.all(parts.map((part) => readGguf(part)))
  const [first] = headers
  if (headers.length === 1 && !partName.test(first.path)) return first
  for (const [i, { path, metadata }] of headers.entries()) {
    const [no, count] = [metadata.get('split.no'), metadata.get('split.count')]
    if (no !== i || count !== headers.length)
      throw new KinmarkError('weights.gguf-parts-mismatch', {
        ...{ path, expected: i + 1, found: `${typeof no === 'number' ? no + 1 : '?'} of ${count ?? '?'}` },
      })
  }
  const seen = new Map<string, string>()
  for (const { name, file } of headers.flatMap(({ tensors }) => tensors)) {
    const other = seen.get(name)
    if (other) throw new KinmarkError('weights.tensor-twice', { tensor: name, paths: [other, file] })
    seen.set(name, file)
  }
  return { ...first, tensors: headers.flatMap(({ tensors }) => tensors) }
}

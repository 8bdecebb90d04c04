import { z } from 'zod'
import { KinmarkError } from '../../error'
import type { NamedBytes } from '../bytes'
import { looseJson } from '../config/loose-json'
import { ggufEndTokens } from '../gguf/tokenizer/gguf-tokenizer'
import { readText } from './text'

const limit = 4_194_304
const token = z.int().min(0)
const schema = z.object({ eos_token_id: z.union([token.transform((id) => [id]), z.array(token).max(1000)]).nullish() })

/**
 * The tokens that end a text, from `generation_config.json`, or else `config.json`, or else a GGUF file; empty if none
 * has any.
 */
export async function endTokens(files: readonly NamedBytes[]): Promise<ReadonlySet<number>> {
  for (const path of ['generation_config.json', 'config.json']) {
    const file = files.find((each) => each.path === path)
    const ids = file && readIds(path, await readText(file, limit))
    if (ids) return new Set(ids)
  }
  return new Set(await ggufEndTokens(files))
}

function readIds(path: string, text: string): number[] | null {
  try {
    return schema.parse(looseJson(text)).eos_token_id ?? null
  } catch (cause) {
    throw new KinmarkError('weights.end-tokens-invalid', { path }, { cause })
  }
}

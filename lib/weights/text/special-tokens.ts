import { z } from 'zod'
import { KinmarkError } from '../../error'
import type { NamedBytes } from '../bytes'
import { looseJson } from '../config/loose-json'
import { readText } from './text'

const limit = 67_108_864
const names = ['bos_token', 'eos_token', 'unk_token', 'pad_token', 'sep_token', 'cls_token', 'mask_token'] as const
const token = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)]).nullish()
const schema = z.object(Object.fromEntries(names.map((name) => [name, token])) as Record<SpecialToken, typeof token>)

type SpecialToken = (typeof names)[number]
export type SpecialTokens = Partial<Record<SpecialToken, string>>

/** The special tokens' texts by their names: those of `config`, completed by `special_tokens_map.json`. */
export async function specialTokens(files: readonly NamedBytes[], config: unknown): Promise<SpecialTokens> {
  const path = 'special_tokens_map.json'
  const map = files.find((file) => file.path === path)
  const listed = map ? parsed(path, looseOrFault(path, await readText(map, limit))) : {}
  return { ...listed, ...parsed('tokenizer_config.json', config) }
}

function parsed(path: string, json: unknown): SpecialTokens {
  const result = schema.safeParse(json)
  if (!result.success) throw new KinmarkError('weights.tokenizer-config-invalid', { path }, { cause: result.error })
  return Object.fromEntries(Object.entries(result.data).filter(([, text]) => text != null)) as SpecialTokens
}

/** JSON of a tokenizer's settings, with the numbers that Python writes. */
export function looseOrFault(path: string, text: string): unknown {
  try {
    return looseJson(text)
  } catch (cause) {
    throw new KinmarkError('weights.tokenizer-config-invalid', { path }, { cause })
  }
}

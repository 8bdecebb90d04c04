import { Tokenizer } from '@huggingface/tokenizers'
import { KinmarkError } from '../../error'
import type { NamedBytes } from '../bytes'
import { readText } from './text'

export type TextTokenizer = {
  encode(text: string): Int32Array
  /** Like `encode`, with the special tokens that the tokenizer adds around a text, such as Llama's first token. */
  encodePrompt(text: string): Int32Array
  decode(ids: ArrayLike<number>): string
}

const limit = 67_108_864

/** The tokenizer of a Hugging Face folder, or null if it has no `tokenizer.json`. */
export async function openTokenizer(files: readonly NamedBytes[]): Promise<TextTokenizer | null> {
  const file = files.find(({ path }) => path === 'tokenizer.json')
  if (!file) return null
  const config = files.find(({ path }) => path === 'tokenizer_config.json')
  const tokenizer = build(await readText(file, limit), config ? await readText(config, limit) : '{}')
  const encode = (text: string, special: boolean) =>
    Int32Array.from(tokenizer.encode(text, { add_special_tokens: special }).ids)
  return {
    encode: (text) => encode(text, false),
    encodePrompt: (text) => encode(text, true),
    decode: (ids) => (ids.length === 0 ? '' : tokenizer.decode(Array.from(ids))),
  }
}

function build(json: string, config: string): Tokenizer {
  try {
    return new Tokenizer(JSON.parse(json), JSON.parse(config))
  } catch (cause) {
    throw new KinmarkError('weights.tokenizer-invalid', { path: 'tokenizer.json' }, { cause })
  }
}

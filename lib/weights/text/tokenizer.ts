import { Tokenizer } from '@huggingface/tokenizers'
import { KinmarkError } from '../../error'
import type { NamedBytes } from '../bytes'
import { looseJson } from '../config/loose-json'
import { ggufTokenizer } from '../gguf/tokenizer/gguf-tokenizer'
import { looseOrFault, specialTokens } from './special-tokens'
import { readText } from './text'

export type TextTokenizer = {
  encode(text: string): Int32Array
  /** Like `encode`, with the special tokens that the tokenizer adds around a text, such as Llama's first token. */
  encodePrompt(text: string): Int32Array
  decode(ids: ArrayLike<number>): string
}

const limit = 67_108_864

/** The tokenizer of a Hugging Face folder: `tokenizer.json`, or else the one inside a GGUF file; null without either. */
export async function openTokenizer(files: readonly NamedBytes[]): Promise<TextTokenizer | null> {
  const tokenizer = (await fromFolder(files)) ?? (await fromGguf(files))
  if (!tokenizer) return null
  const encode = (text: string, special: boolean) => tokenizer.encode(text, { add_special_tokens: special }).ids
  const around = await statedTokens(files, tokenizer)
  return {
    encode: (text) => Int32Array.from(encode(text, false)),
    encodePrompt: (text) => Int32Array.from(around ? around(encode(text, false)) : encode(text, true)),
    decode: (ids) => (ids.length === 0 ? '' : tokenizer.decode(Array.from(ids))),
  }
}

async function fromFolder(files: readonly NamedBytes[]): Promise<Tokenizer | null> {
  const [file, config] = ['tokenizer.json', 'tokenizer_config.json'].map((name) =>
    files.find(({ path }) => path === name),
  )
  return file ? build(file.path, await readText(file, limit), config ? await readText(config, limit) : '{}') : null
}

/** Tokenizers whose first and last token follow `add_bos_token` and `add_eos_token`, whatever tokenizer.json says. */
const flagged = /^(Llama|CodeLlama|Gemma|Cohere)Tokenizer(Fast)?$/

/** What puts the stated special tokens around a text; null if tokenizer.json decides. */
async function statedTokens(
  files: readonly NamedBytes[],
  tokenizer: Tokenizer,
): Promise<((ids: number[]) => number[]) | null> {
  const file = files.find(({ path }) => path === 'tokenizer_config.json')
  if (!file) return null
  const config = looseOrFault(file.path, await readText(file, limit)) as Record<string, unknown>
  const { tokenizer_class: name, add_bos_token: first, add_eos_token: last } = config
  if (typeof name !== 'string' || !flagged.test(name) || typeof first !== 'boolean') return null
  const { bos_token, eos_token } = await specialTokens(files, config)
  const id = (token: string | undefined) => (token === undefined ? undefined : tokenizer.token_to_id(token))
  const [bos, eos] = [first ? id(bos_token) : undefined, last === true ? id(eos_token) : undefined]
  return (ids) => [...(bos === undefined ? [] : [bos]), ...ids, ...(eos === undefined ? [] : [eos])]
}

async function fromGguf(files: readonly NamedBytes[]): Promise<Tokenizer | null> {
  const texts = await ggufTokenizer(files)
  return texts && build(texts.path, texts.tokenizer, texts.config)
}

function build(path: string, json: string, config: string): Tokenizer {
  try {
    return new Tokenizer(JSON.parse(json), looseJson(config) as object)
  } catch (cause) {
    throw new KinmarkError('weights.tokenizer-invalid', { path }, { cause })
  }
}

import { Tokenizer } from '@huggingface/tokenizers'
import { KinmarkError } from '../../error'
import type { NamedBytes } from '../bytes'
import { ggufTokenizer } from '../gguf/tokenizer/gguf-tokenizer'
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
  const encode = (text: string, special: boolean) =>
    Int32Array.from(tokenizer.encode(text, { add_special_tokens: special }).ids)
  return {
    encode: (text) => encode(text, false),
    encodePrompt: (text) => encode(text, true),
    decode: (ids) => (ids.length === 0 ? '' : tokenizer.decode(Array.from(ids))),
  }
}

async function fromFolder(files: readonly NamedBytes[]): Promise<Tokenizer | null> {
  const [file, config] = ['tokenizer.json', 'tokenizer_config.json'].map((name) =>
    files.find(({ path }) => path === name),
  )
  return file ? build(file.path, await readText(file, limit), config ? await readText(config, limit) : '{}') : null
}

async function fromGguf(files: readonly NamedBytes[]): Promise<Tokenizer | null> {
  const texts = await ggufTokenizer(files)
  return texts && build(texts.path, texts.tokenizer, texts.config)
}

function build(path: string, json: string, config: string): Tokenizer {
  try {
    return new Tokenizer(JSON.parse(json), JSON.parse(config))
  } catch (cause) {
    throw new KinmarkError('weights.tokenizer-invalid', { path }, { cause })
  }
}

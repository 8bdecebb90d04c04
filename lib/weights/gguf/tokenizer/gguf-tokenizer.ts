import { KinmarkError } from '../../../error'
import type { NamedBytes } from '../../bytes'
import { ggufFiles } from '../parts'
import { type Gguf, readGguf } from '../read-gguf'
import type { GgufValue } from '../values'
import { mergesOf } from './merges'
import { type PreTokenizer, preTokenizers } from './pre-tokenizers'

/** The texts of `tokenizer.json` and `tokenizer_config.json` that say the same as a GGUF file's metadata. */
export type TokenizerTexts = { path: string; tokenizer: string; config: string }

/** Kinds of tokens in `tokenizer.ggml.token_type`. */
const kinds = { control: 3, userDefined: 4 }
const kindsOfTokenizer = ['gpt2', 'llama', 'gemma4']

/** Null if the folder has no GGUF file, or one without a tokenizer. Throws `weights.*`. */
export async function ggufTokenizer(files: readonly NamedBytes[]): Promise<TokenizerTexts | null> {
  const [file] = ggufFiles(files)
  if (!file) return null
  const gguf = await readGguf(file, true)
  const model = gguf.metadata.get('tokenizer.ggml.model')
  if (model === undefined || model === 'no_vocab' || model === 'none') return null
  if (typeof model !== 'string' || !kindsOfTokenizer.includes(model))
    throw new KinmarkError('weights.gguf-tokenizer-unsupported', {
      ...{ path: file.path, model: String(model), supported: kindsOfTokenizer },
    })
  const fields = fieldsOf(gguf)
  const made = model === 'gpt2' ? byteLevel(fields) : pieceLevel(fields, model)
  const { tokens, types, bos, eos } = fields
  const special = tokens.flatMap((content, id) => {
    const kind = types[id]
    if (kind !== kinds.control && kind !== kinds.userDefined) return []
    const strips = { lstrip: false, rstrip: false, single_word: false, normalized: false }
    return [{ id, content, special: kind === kinds.control, ...strips }]
  })
  const template = gguf.metadata.get('tokenizer.chat_template')
  return {
    path: file.path,
    tokenizer: JSON.stringify({ version: '1.0', added_tokens: special, ...made }),
    config: JSON.stringify({
      ...{ bos_token: tokens[bos ?? -1], eos_token: tokens[eos ?? -1] },
      chat_template: typeof template === 'string' ? template : undefined,
      clean_up_tokenization_spaces: false,
    }),
  }
}

/** The tokens that end a text: the file's own, and those that end a turn or a message. */
export async function ggufEndTokens(files: readonly NamedBytes[]): Promise<readonly number[]> {
  const [file] = ggufFiles(files)
  if (!file) return []
  const { metadata } = await readGguf(file)
  return ['eos', 'eot', 'eom'].flatMap((name) => {
    const id = metadata.get(`tokenizer.ggml.${name}_token_id`)
    return typeof id === 'number' ? [id] : []
  })
}

type Fields = ReturnType<typeof fieldsOf>

function fieldsOf({ path, metadata }: Gguf) {
  const field = (name: string) => metadata.get(`tokenizer.ggml.${name}`)
  const list = <T>(name: string, is: (value: GgufValue) => value is T & GgufValue): readonly T[] => {
    const value = field(name)
    if (Array.isArray(value) && value.every(is)) return value as readonly T[]
    throw new KinmarkError('weights.gguf-tokenizer-invalid', { path, field: `tokenizer.ggml.${name}` })
  }
  const number = (name: string) => {
    const value = field(name)
    return typeof value === 'number' ? value : undefined
  }
  const tokens = list('tokens', isText)
  return {
    ...{
      path,
      tokens,
      pre: field('pre') ?? 'default',
      addsBos: field('add_bos_token'),
      addsEos: field('add_eos_token'),
    },
    ...{ bos: number('bos_token_id'), eos: number('eos_token_id'), unknown: number('unknown_token_id') },
    types: field('token_type') === undefined ? [] : list('token_type', isNumber),
    spacePrefix: field('add_space_prefix') ?? true,
    scores: () => list('scores', isNumber),
    merges: () => list('merges', isText),
  }
}

const isText = (value: GgufValue): value is string => typeof value === 'string'
const isNumber = (value: GgufValue): value is number => typeof value === 'number'

/** GPT-2's kind: text is split by expressions, and its bytes are merged. */
function byteLevel(fields: Fields) {
  const { path, tokens, pre, merges } = fields
  const row: PreTokenizer | undefined = Object.hasOwn(preTokenizers, String(pre))
    ? preTokenizers[String(pre)]
    : undefined
  if (!row) throw new KinmarkError('weights.gguf-pre-tokenizer-unknown', { path, name: String(pre) })
  const splits = row.splits.map((Regex) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false }))
  return {
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [...splits, { type: 'ByteLevel', add_prefix_space: false, use_regex: false }],
    },
    model: { type: 'BPE', vocab: vocabOf(tokens), merges: merges(), ignore_merges: row.wholePieces ?? false },
    decoder: { type: 'ByteLevel' },
    post_processor: around(fields, row.addsBos ?? false),
  }
}

/** SentencePiece's kind: spaces are written as ▁, and what no piece spells is spelled in bytes. */
function pieceLevel(fields: Fields, model: string) {
  const { tokens, scores, merges, unknown, spacePrefix } = fields
  const prefixed = model === 'llama' && spacePrefix
  const spaces = { type: 'Replace', pattern: { String: ' ' }, content: '▁' }
  return {
    normalizer: prefixed ? { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, spaces] } : spaces,
    pre_tokenizer:
      model === 'gemma4'
        ? { type: 'Split', pattern: { Regex: '[^\\n]+|[\\n]+' }, behavior: 'Isolated', invert: false }
        : null,
    model: {
      ...{ type: 'BPE', vocab: vocabOf(tokens), byte_fallback: true, fuse_unk: true },
      merges: model === 'llama' ? mergesOf(tokens, scores()) : merges(),
      unk_token: tokens[unknown ?? 0],
    },
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        ...[{ type: 'ByteFallback' }, { type: 'Fuse' }],
        ...(prefixed ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    post_processor: around(fields, true),
  }
}

/** The tokens around a prompt. */
function around({ tokens, bos, eos, addsBos, addsEos }: Fields, byDefault: boolean) {
  const token = (id: number) => ({ SpecialToken: { id: tokens[id], type_id: 0 } })
  const before = bos !== undefined && (addsBos ?? byDefault) ? [bos] : []
  const after = eos !== undefined && addsEos === true ? [eos] : []
  const ids = [...before, ...after]
  if (ids.length === 0) return null
  return {
    type: 'TemplateProcessing',
    single: [...before.map(token), { Sequence: { id: 'A', type_id: 0 } }, ...after.map(token)],
    pair: [],
    special_tokens: Object.fromEntries(
      ids.map((id) => [tokens[id], { id: tokens[id], ids: [id], tokens: [tokens[id]] }]),
    ),
  }
}

/** The first of equal tokens counts. */
function vocabOf(tokens: readonly string[]): Record<string, number> {
  return Object.fromEntries(tokens.map((token, id): [string, number] => [token, id]).reverse())
}

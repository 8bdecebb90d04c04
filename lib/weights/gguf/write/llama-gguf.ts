import { z } from 'zod'
import { KinmarkError } from '../../../error'
import type { NamedBytes } from '../../bytes'
import { inspectModel, type Model } from '../../inspect-model'
import { readTensor } from '../../tensor'
import { chatTemplateText } from '../../text/chat-template'
import { endTokens } from '../../text/end-tokens'
import { readText } from '../../text/text'
import { openTokenizer } from '../../text/tokenizer'
import { preTokenizerName } from '../tokenizer/pre-tokenizers'
import type { WrittenTensor, WrittenValue } from './gguf-head'
import { quantise, type WrittenType, writtenTypes } from './quantise'

export const precisions = ['F16', 'Q8_0', 'Q4_K_M'] as const
export type Precision = (typeof precisions)[number]

/** llama.cpp’s numbers of these mixtures of types. */
const fileTypes: Record<Precision, number> = { F16: 1, Q8_0: 7, Q4_K_M: 15 }
const kinds = { normal: 1, control: 3, userDefined: 4, unused: 5 }
const limit = 67_108_864

export type GgufPlan = {
  metadata: Record<string, WrittenValue>
  tensors: WrittenTensor[]
  /** The bytes of one tensor. */
  read(tensor: WrittenTensor): Promise<Uint8Array>
}

/**
 * A folder of Llama’s family as llama.cpp’s `convert_hf_to_gguf.py` and `llama-quantize` write it in this precision. Throws
 * `weights.cannot-write-gguf`.
 */
export async function llamaGguf(files: readonly NamedBytes[], precision: Precision, name: string): Promise<GgufPlan> {
  const { config, tensors } = await inspectModel(files)
  const refuse = (why: 'family' | 'positions' | 'biases'): never => {
    throw new KinmarkError('weights.cannot-write-gguf', { family: config.family, why })
  }
  if (config.family !== 'llama') refuse('family')
  if (config.ropes?.full.scaling.rope_type !== 'default') refuse('positions')
  if (config.biased.length > 0) refuse('biases')
  const names = new Map([...tensors.keys()].map((each) => [ggufName(each), each]))
  const written = [...names].map(([renamed, own]): WrittenTensor => {
    const { shape } = tensors.get(own) as { shape: readonly number[] }
    return { name: renamed, shape, type: typeOf(renamed, shape, precision, config.layers) }
  })
  return {
    metadata: {
      'general.architecture': 'llama',
      'general.name': name,
      'general.file_type': fileTypes[precision],
      'general.quantization_version': 2,
      ...settings(config),
      ...(await tokenizerMetadata(files, config)),
    },
    tensors: written,
    async read({ name: renamed, shape, type }) {
      const values = await readTensor(files, tensors, names.get(renamed) as string)
      const heads = /attn_q\./.test(renamed) ? config.heads : /attn_k\./.test(renamed) ? config.kvHeads : 0
      return quantise(heads ? toRotaryPairs(values, shape, heads) : values, type)
    },
  }
}

function settings(config: Model['config']): Record<string, WrittenValue> {
  return {
    'llama.context_length': config.maxPositions,
    'llama.embedding_length': config.hidden,
    'llama.block_count': config.layers,
    'llama.feed_forward_length': config.ff,
    'llama.vocab_size': config.vocab,
    'llama.attention.head_count': config.heads,
    'llama.attention.head_count_kv': config.kvHeads,
    'llama.attention.key_length': config.headDim,
    'llama.attention.value_length': config.headDim,
    'llama.attention.layer_norm_rms_epsilon': { float: config.normEpsilon },
    'llama.rope.dimension_count': config.headDim,
    'llama.rope.freq_base': { float: config.ropes?.full.theta ?? 10_000 },
  }
}

const tokenizerSchema = z.object({
  normalizer: z.null().optional(),
  pre_tokenizer: z.looseObject({ type: z.string() }),
  added_tokens: z.array(z.object({ id: z.int().min(0), content: z.string(), special: z.boolean() })).default([]),
  model: z.object({
    type: z.literal('BPE').optional(),
    vocab: z.record(z.string(), z.int().min(0)),
    merges: z.array(z.union([z.string(), z.array(z.string()).length(2)])),
    ignore_merges: z.boolean().nullish(),
    byte_fallback: z.literal(false).nullish(),
  }),
})

/** The byte-level tokenizer and the chat template of a folder. */
async function tokenizerMetadata(
  files: readonly NamedBytes[],
  { family, vocab: rows, bos }: Model['config'],
): Promise<Record<string, WrittenValue>> {
  const refused = () => new KinmarkError('weights.cannot-write-gguf', { family, why: 'tokenizer' })
  const file = files.find(({ path }) => path === 'tokenizer.json')
  const { data } = tokenizerSchema.safeParse(file ? JSON.parse(await readText(file, limit)) : null)
  const pre = data && preTokenizerName(data.pre_tokenizer, data.model.ignore_merges ?? false)
  const tokenizer = await openTokenizer(files)
  if (!data || !pre || !tokenizer) throw refused()
  const tokens = Array.from({ length: rows }, (_, id) => `[PAD${id}]`)
  const types = new Array<number>(rows).fill(kinds.unused)
  const enter = (id: number, text: string, kind: number) => {
    if (id >= rows) throw refused()
    tokens[id] = text
    types[id] = kind
  }
  for (const [text, id] of Object.entries(data.model.vocab)) enter(id, text, kinds.normal)
  for (const { id, content, special } of data.added_tokens)
    enter(id, content, special ? kinds.control : kinds.userDefined)
  const ends = [...(await endTokens(files))]
  const template = await chatTemplateText(files)
  const plain = tokenizer.encode('a')
  const prompt = tokenizer.encodePrompt('a')
  const begins = prompt.length > plain.length && prompt[0] === bos
  return {
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': pre,
    'tokenizer.ggml.tokens': { texts: tokens },
    'tokenizer.ggml.token_type': { ints: types },
    'tokenizer.ggml.merges': {
      texts: data.model.merges.map((pair) => (typeof pair === 'string' ? pair : pair.join(' '))),
    },
    'tokenizer.ggml.bos_token_id': bos,
    ...Object.fromEntries(ends.slice(0, 3).map((id, i) => [`tokenizer.ggml.${['eos', 'eot', 'eom'][i]}_token_id`, id])),
    'tokenizer.ggml.add_bos_token': begins,
    ...(template !== null && { 'tokenizer.chat_template': template }),
  }
}

/**
 * Q4_K_M stores the embedding that is also the output, and the values and second matrices of some layers, in Q6_K:
 * https://github.com/ggml-org/llama.cpp/blob/master/src/llama-quant.cpp. Rows that are no whole blocks get a wider type.
 */
function typeOf(name: string, shape: readonly number[], precision: Precision, layers: number): WrittenType {
  if (shape.length === 1) return 'F32'
  const wanted: WrittenType[] =
    precision === 'Q4_K_M' ? [isWide(name, layers) ? 'Q6_K' : 'Q4_K', 'Q8_0', 'F16'] : [precision, 'F16']
  return wanted.find((type) => shape[1] % writtenTypes[type].weights === 0) as WrittenType
}

function isWide(name: string, layers: number): boolean {
  if (/^(token_embd|output)\./.test(name)) return true
  const layer = Number(/^blk\.(\d+)\./.exec(name)?.[1])
  const eighth = Math.floor(layers / 8)
  const more = layer < eighth || layer >= Math.floor((7 * layers) / 8) || (layer - eighth) % 3 === 2
  return more && /(attn_v|ffn_down)\./.test(name)
}

/** https://github.com/ggml-org/llama.cpp/blob/master/gguf-py/gguf/tensor_mapping.py. */
export const ggufName = (name: string): string =>
  name
    .replace(/^model\.embed_tokens/, 'token_embd')
    .replace(/^model\.norm/, 'output_norm')
    .replace(/^lm_head/, 'output')
    .replace(/^model\.layers\.(\d+)\.(self_attn|mlp)?\.?/, 'blk.$1.')
    .replace('input_layernorm', 'attn_norm')
    .replace('post_attention_layernorm', 'ffn_norm')
    .replace(/([qkv])_proj/, 'attn_$1')
    .replace('o_proj', 'attn_output')
    .replace(/(gate|up|down)_proj/, 'ffn_$1')

/** convert_hf_to_gguf.py, LlamaModel.permute: weights.reshape(heads, 2, headDim / 2, in).swapaxes(1, 2). */
export function toRotaryPairs(values: Float32Array, [rows, cols]: readonly number[], heads: number): Float32Array {
  const half = rows / heads / 2
  const out = new Float32Array(values.length)
  let to = 0
  for (let head = 0; head < heads; head++)
    for (let i = 0; i < half; i++)
      for (const part of [0, 1]) {
        const row = head * 2 * half + part * half + i
        out.set(values.subarray(row * cols, (row + 1) * cols), to)
        to += cols
      }
  return out
}

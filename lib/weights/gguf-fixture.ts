import type { NamedBytes } from './bytes'
import { named } from './fixture'
import { toF16 } from './half'
import { inspectModel, type Model } from './open-model'
import { readTensor } from './tensor'

/** Writes GGUF files for tests: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */

type Value = number | string | boolean | { u64: number } | { texts: string[] } | { floats: number[] }
export type GgufTensor = { name: string; shape: readonly number[]; type: GgufType; data: Uint8Array }

const ggufTypes = { F32: 0, F16: 1, Q4_0: 2, Q8_0: 8, Q4_K: 12, Q6_K: 14 } as const
export type GgufType = keyof typeof ggufTypes

export function gguf(path: string, metadata: Record<string, Value>, tensors: GgufTensor[], version = 3) {
  const entries = Object.entries(metadata)
  let at = 0
  const infos = tensors.map(({ name, shape, type, data }) => {
    const offset = at
    at += aligned(data.length)
    return [text(name), u32(shape.length), ...shape.toReversed().map(u64), u32(ggufTypes[type] ?? type), u64(offset)]
  })
  const head = join([
    ...[u32(0x46554747), u32(version), u64(tensors.length), u64(entries.length)],
    ...entries.flatMap(([key, value]) => [text(key), ...valueParts(value)]),
    ...infos.flat(),
  ])
  return named(path, padded(head), ...tensors.map(({ data }) => padded(data)))
}

/** The bytes of `values` in one of the types; `values.length` is a multiple of its block. */
export function quantised(values: Float32Array, type: GgufType): Uint8Array {
  if (type === 'F32') return new Uint8Array(values.slice().buffer)
  if (type === 'F16') return new Uint8Array(toF16(values).buffer)
  const [weights, write] = quantisers[type]
  return join(
    Array.from({ length: values.length / weights }, (_, i) => write(values.subarray(i * weights, (i + 1) * weights))),
  )
}

/**
 * Nearest values under the layouts of ggml-common.h (https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h),
 * without ggml's search for better scales.
 */
const quantisers: Record<Exclude<GgufType, 'F32' | 'F16'>, [number, (x: Float32Array) => Uint8Array]> = {
  Q4_0: [
    32,
    (x) => {
      const extreme = x.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0)
      const d = extreme / -8
      const q = nearest(x, d, 8, 0, 15)
      return join([f16(d), Uint8Array.from({ length: 16 }, (_, i) => q[i] | (q[i + 16] << 4))])
    },
  ],
  Q8_0: [
    32,
    (x) => {
      const d = most(x) / 127
      return join([f16(d), Uint8Array.from(nearest(x, d, 0, -127, 127))])
    },
  ],
  Q4_K: [
    256,
    (x) => {
      const groups = Array.from({ length: 8 }, (_, i) => x.subarray(32 * i, 32 * i + 32))
      const minima = groups.map((g) => Math.max(0, -g.reduce((a, b) => Math.min(a, b))))
      const scales = groups.map((g, i) => (g.reduce((a, b) => Math.max(a, b)) + minima[i]) / 15)
      const [d, dmin] = [Math.max(...scales) / 63, Math.max(...minima) / 63]
      const [s, m] = [scales.map((v) => steps(v, d)), minima.map((v) => steps(v, dmin))]
      const packed = new Uint8Array(12)
      for (let i = 0; i < 4; i++) {
        packed[i] = s[i] | ((s[i + 4] >> 4) << 6)
        packed[i + 4] = m[i] | ((m[i + 4] >> 4) << 6)
        packed[i + 8] = (s[i + 4] & 15) | ((m[i + 4] & 15) << 4)
      }
      const q = groups.map((g, i) =>
        nearest(
          g.map((v) => v + m[i] * dmin),
          s[i] * d,
          0,
          0,
          15,
        ),
      )
      const nibbles = Uint8Array.from({ length: 128 }, (_, i) => {
        const pair = 2 * (i >> 5)
        return q[pair][i & 31] | (q[pair + 1][i & 31] << 4)
      })
      return join([f16(d), f16(dmin), packed, nibbles])
    },
  ],
  Q6_K: [
    256,
    (x) => {
      const groups = Array.from({ length: 16 }, (_, i) => x.subarray(16 * i, 16 * i + 16))
      const scales = groups.map((g) => most(g) / 31)
      const d = Math.max(...scales) / 127
      const s = scales.map((v) => steps(v, d))
      const q = groups.flatMap((g, i) => nearest(g, s[i] * d, 32, 0, 63))
      const at = (part: number, row: number, column: number) => q[part * 128 + row * 32 + column]
      const low = Uint8Array.from({ length: 128 }, (_, i) => {
        const [part, row, column] = [i >> 6, (i >> 5) & 1, i & 31]
        return (at(part, row, column) & 15) | ((at(part, row + 2, column) & 15) << 4)
      })
      const high = Uint8Array.from({ length: 64 }, (_, i) =>
        [0, 1, 2, 3].reduce((byte, row) => byte | ((at(i >> 5, row, i & 31) >> 4) << (2 * row)), 0),
      )
      return join([low, high, Uint8Array.from(s), f16(d)])
    },
  ],
}

const most = (x: Float32Array) => x.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
const steps = (value: number, step: number) => (step === 0 ? 0 : Math.round(value / step))
const nearest = (x: Float32Array, step: number, zero: number, least: number, greatest: number) =>
  Array.from(x, (v) => Math.max(least, Math.min(greatest, steps(v, step) + zero)))

const aligned = (length: number) => Math.ceil(length / 32) * 32
const padded = (bytes: Uint8Array) => join([bytes, new Uint8Array(aligned(bytes.length) - bytes.length)])
const f16 = (value: number) => new Uint8Array(toF16(Float32Array.of(value)).buffer)
const u32 = (value: number) => new Uint8Array(Uint32Array.of(value).buffer)
const f32 = (value: number) => new Uint8Array(Float32Array.of(value).buffer)
const u64 = (value: number) => new Uint8Array(BigUint64Array.of(BigInt(value)).buffer)
const text = (value: string) => {
  const bytes = new TextEncoder().encode(value)
  return join([u64(bytes.length), bytes])
}

function valueParts(value: Value): Uint8Array[] {
  if (typeof value === 'string') return [u32(8), text(value)]
  if (typeof value === 'boolean') return [u32(7), Uint8Array.of(value ? 1 : 0)]
  if (typeof value === 'number') return Number.isInteger(value) ? [u32(4), u32(value)] : [u32(6), f32(value)]
  if ('u64' in value) return [u32(10), u64(value.u64)]
  const [type, parts] = 'texts' in value ? [8, value.texts.map(text)] : [6, value.floats.map(f32)]
  return [u32(9), u32(type), u64(parts.length), ...parts]
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** A Llama folder's weights as llama.cpp would convert them; `typeOf` is asked for matrices only. */
export async function llamaGguf(files: readonly NamedBytes[], typeOf: (name: string, row: number) => GgufType) {
  const { config, tensors } = await inspectModel(files)
  const written: GgufTensor[] = []
  for (const { name, shape } of tensors.values()) {
    const own = ggufName(name)
    const values = await readTensor(files, tensors, name)
    const heads = /attn_q\./.test(own) ? config.heads : /attn_k\./.test(own) ? config.kvHeads : 0
    const type = shape.length === 1 ? 'F32' : typeOf(own, shape[1])
    const data = quantised(heads ? pairedUp(values, shape, heads) : values, type)
    written.push({ name: own, shape, type, data })
  }
  return { metadata: llamaMetadata(config), tensors: written }
}

function llamaMetadata({ ropes, ...config }: Model['config']): Record<string, Value> {
  return {
    'general.architecture': 'llama',
    'general.name': 'a model of a test',
    'llama.context_length': config.maxPositions,
    'llama.embedding_length': config.hidden,
    'llama.block_count': config.layers,
    'llama.feed_forward_length': config.ff,
    'llama.attention.head_count': config.heads,
    'llama.attention.head_count_kv': config.kvHeads,
    'llama.attention.layer_norm_rms_epsilon': config.normEpsilon,
    'llama.rope.dimension_count': config.headDim,
    'llama.rope.freq_base': ropes?.full.theta ?? 10_000,
    'tokenizer.ggml.tokens': { texts: Array.from({ length: config.vocab }, (_, i) => `token ${i}`) },
    'tokenizer.ggml.scores': { floats: Array.from({ length: config.vocab }, (_, i) => -i) },
    'tokenizer.ggml.bos_token_id': config.bos,
    'tokenizer.ggml.add_bos_token': false,
  }
}

const ggufName = (name: string) =>
  name
    .replace('model.embed_tokens', 'token_embd')
    .replace('model.norm', 'output_norm')
    .replace('lm_head', 'output')
    .replace(/model\.layers\.(\d+)\.(self_attn|mlp)?\.?/, 'blk.$1.')
    .replace('input_layernorm', 'attn_norm')
    .replace('post_attention_layernorm', 'ffn_norm')
    .replace(/([qkv])_proj/, 'attn_$1')
    .replace('o_proj', 'attn_output')
    .replace(/(gate|up|down)_proj/, 'ffn_$1')

/** convert_hf_to_gguf.py, LlamaModel.permute: weights.reshape(heads, 2, headDim / 2, in).swapaxes(1, 2). */
function pairedUp(values: Float32Array, [rows, cols]: readonly number[], heads: number): Float32Array {
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

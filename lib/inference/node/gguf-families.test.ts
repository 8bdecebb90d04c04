import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type GgufTensor, gguf } from '../../../test/fixtures/gguf'
import { quantised } from '../../../test/fixtures/gguf-blocks'
import { randomModel } from '../../../test/reference/random-model'
import { type Recipe, recipes } from '../../../test/reference/recipes'
import { inspectModel } from '../../weights/inspect-model'
import { readTensor } from '../../weights/tensor'
import { openNodeRuntime } from './open-node-runtime'

const ids = [3, 14, 15, 92, 65, 35, 89, 79]

/** Replacements from the names of a Hugging Face folder to those of gguf-py's tensor_mapping.py. */
const renames: [RegExp, string][] = [
  [/^(model|transformer)\./, ''],
  [/^(embed_tokens|wte)/, 'token_embd'],
  [/^wpe/, 'position_embd'],
  [/^(norm|ln_f)/, 'output_norm'],
  [/^lm_head/, 'output'],
  [/^(layers|h)\.(\d+)\.((self_attn|mlp|attn)\.)?/, 'blk.$2.$4~'],
  [/~(input_layernorm|ln_1)/, '~attn_norm'],
  [/~(pre_feedforward_layernorm|ln_2)/, '~ffn_norm'],
  [/~post_feedforward_layernorm/, '~post_ffw_norm'],
  [/~([qkv]_norm)/, '~attn_$1'],
  [/~([qkv])_proj/, '~attn_$1'],
  [/~(qkv_proj|c_attn)/, '~attn_qkv'],
  [/~o_proj|attn~c_proj/, '~attn_output'],
  [/~(gate_up_proj|up_proj|c_fc)/, '~ffn_up'],
  [/~gate_proj/, '~ffn_gate'],
  [/~down_proj|mlp~c_proj/, '~ffn_down'],
  [/(self_attn|mlp|attn)?~/, ''],
]

function ggufName(name: string, type: string): string {
  const renamed = renames.reduce((n, [from, to]) => n.replace(from, to), name)
  const normed = /^(gemma[23]|olmo2)/.test(type) ? 'post_attention_norm' : 'ffn_norm'
  return renamed.replace('post_attention_layernorm', normed)
}

/**
 * Converts a tensor like convert_hf_to_gguf.py: Gemma's norms are stored with the 1 added, GPT-2's matrices transposed.
 */
function converted(name: string, type: string, shape: readonly number[], values: Float32Array) {
  if (type.startsWith('gemma') && name.endsWith('norm.weight')) return { shape, values: values.map((x) => x + 1) }
  if (type !== 'gpt2' || !/c_(attn|proj|fc)\.weight$/.test(name)) return { shape, values }
  const [rows, cols] = shape
  return { shape: [cols, rows], values: values.map((_, i) => values[(i % rows) * cols + Math.floor(i / rows)]) }
}

function metadataOf({ config }: Recipe, architecture: string) {
  const keys: Record<string, number | string | undefined> = {
    context_length: config.max_position_embeddings ?? config.n_positions,
    embedding_length: config.hidden_size ?? config.n_embd,
    feed_forward_length: config.intermediate_size ?? 4 * config.n_embd,
    block_count: config.num_hidden_layers ?? config.n_layer,
    'attention.head_count': config.num_attention_heads ?? config.n_head,
    'attention.head_count_kv': config.num_key_value_heads,
    'attention.key_length': config.head_dim,
    'attention.layer_norm_rms_epsilon': config.rms_norm_eps,
    'attention.layer_norm_epsilon': config.layer_norm_epsilon,
    'attention.sliding_window': config.sliding_window ?? undefined,
    attn_logit_softcapping: config.attn_logit_softcapping,
    final_logit_softcapping: config.final_logit_softcapping,
    'rope.freq_base': config.rope_theta ?? (config.n_embd ? undefined : 10_000),
    'rope.scaling.type': config.rope_scaling?.rope_type,
    'rope.scaling.factor': config.rope_scaling?.factor,
    'rope.scaling.original_context_length': config.original_max_position_embeddings,
  }
  const defined = Object.entries(keys).filter((entry): entry is [string, number | string] => entry[1] !== undefined)
  return {
    'general.architecture': architecture,
    ...Object.fromEntries(defined.map(([key, value]) => [`${architecture}.${key}`, value])),
  }
}

test.each([
  ['qwen2', 'qwen2', {}],
  ['qwen3', 'qwen3', {}],
  ['gemma', 'gemma', {}],
  ['gemma2', 'gemma2', { query_pre_attn_scalar: 24 }],
  ['gemma3_text', 'gemma3', { query_pre_attn_scalar: 24, sliding_window_pattern: 6 }],
  ['phi3', 'phi3', {}],
  ['phi3, longrope, short', 'phi3', {}],
  ['olmo2', 'olmo2', {}],
  ['gpt2', 'gpt2', {}],
])('behavior: %s as GGUF has the logits of the reference', async (name, architecture, change) => {
  const recipe: Recipe = { ...recipes[name], config: { ...recipes[name].config, ...change } }
  const { files, weights } = randomModel(recipe, 'F32')
  const { tensors } = await inspectModel(files)
  const written: GgufTensor[] = []
  for (const { name: hfName, shape } of tensors.values()) {
    if (/\.attn\.bias$/.test(hfName)) continue
    const { shape: ggufShape, values } = converted(
      hfName,
      recipe.config.model_type,
      shape,
      await readTensor(files, tensors, hfName),
    )
    const data = quantised(values, 'F32')
    written.push({ name: ggufName(hfName, recipe.config.model_type), shape: ggufShape, type: 'F32', data })
  }
  for (const kind of ['short', 'long']) {
    const factors: number[] | undefined = recipe.config.rope_scaling?.[`${kind}_factor`]
    if (factors)
      written.push({
        ...{ name: `rope_factors_${kind}.weight`, shape: [factors.length], type: 'F32' },
        data: quantised(Float32Array.from(factors), 'F32'),
      })
  }
  const folder = await mkdtemp(join(tmpdir(), 'kinmark-'))
  const { bytes } = gguf('model.gguf', metadataOf(recipe, architecture), written)
  await writeFile(join(folder, 'model.gguf'), await bytes.slice(0, bytes.byteLength))
  const runtime = await openNodeRuntime(folder, { threads: 1 })
  try {
    const { logits } = await runtime.run({ ids: Int32Array.from(ids), rows: 1, length: ids.length }, ['logits'])
    const expected = recipe.forward(recipe.config, weights, ids).logits.at(-1) ?? []
    const worst = expected.reduce((most, x, i) => Math.max(most, Math.abs(x - logits.data[i])), 0)
    expect(worst).toBeLessThan(1e-3)
  } finally {
    await runtime.close()
    await rm(folder, { recursive: true })
  }
})

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { kinmarkError } from '../../test/fixtures/kinmark-error'
import { demoFiles, named, safetensors } from '../../test/fixtures/model-folder'
import { randomModel } from '../../test/reference/random-model'
import { recipes } from '../../test/reference/recipes'
import type { NamedBytes } from './bytes'
import { parseConfig } from './config/config'
import { inspectModel } from './inspect-model'
import { mergeAdapter } from './lora/merge-adapter'
import { readSafetensors } from './safetensors/read-safetensors'
import { openChatTemplate } from './text/chat-template'
import { endTokens } from './text/end-tokens'

/** More inputs from public reports: each is read with the right value, or refused clearly. */

test('behavior: every row of the table in docs/real-folders.md has a test', () => {
  const tests = readFileSync('lib/weights/more-real-folders.test.ts', 'utf8')
  const rows = readFileSync('docs/real-folders.md', 'utf8')
    .split('\n')
    .filter((line) => /^\| [^|]*#\d/.test(line))
  const sources = rows.map((line) => line.split('|')[1].trim())
  expect(sources.length).toBeGreaterThanOrEqual(40)
  for (const source of new Set(sources)) expect(tests, source).toContain(source)
})

const small = { hidden_size: 64, intermediate_size: 96, num_hidden_layers: 4, num_attention_heads: 4, vocab_size: 100 }
const parsed = (config: object) => parseConfig(JSON.stringify({ ...small, ...config }))
const tinyConfig = JSON.parse(readFileSync('public/models/tiny/config.json', 'utf8'))
const tiny = (change: Parameters<typeof demoFiles>[1] = {}) => demoFiles('tiny', change)

describe('rotary settings', () => {
  test.each([
    ['transformers#32167', { rope_scaling: { type: 'linear', factor: 8 } }, 'linear', 10_000],
    ['sglang#14745', { rope_theta: 1_000_000, rope_scaling: null }, 'default', 1_000_000],
    [
      'sglang#14745, as Transformers 5 writes it',
      { rope_parameters: { rope_type: 'default', rope_theta: 1e6 } },
      'default',
      1e6,
    ],
    [
      'sglang#22739',
      { rope_theta: 5e5, rope_parameters: { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 64 } },
      'yarn',
      5e5,
    ],
    [
      'vllm#42624, slime#1720',
      { rope_theta: 10_000, rope_parameters: { rope_type: 'default', rope_theta: 5e5 } },
      'default',
      5e5,
    ],
  ])('%s: %j', (_, change, type, theta) => {
    const { ropes } = parsed({ model_type: 'qwen3', ...change })
    expect(ropes?.full).toMatchObject({ theta, scaling: { rope_type: type } })
  })

  test('transformers#32167: a scaling of a type that nobody defines is named', () => {
    expect(() => parsed({ model_type: 'llama', rope_scaling: { type: 'ntk', factor: 2 } })).toThrow(
      kinmarkError('weights.setting-unsupported', { setting: 'rope_scaling.type', value: '"ntk"' }),
    )
  })

  test('trl#4583: “mrope” of a text model is no scaling', () => {
    const rope_scaling = { type: 'mrope', mrope_section: [2, 3, 3] }
    expect(parsed({ model_type: 'qwen2', rope_scaling }).ropes?.full.scaling).toEqual({ rope_type: 'default' })
  })
})

describe('sizes of heads', () => {
  test.each([
    [
      'EAGLE#223, speculators#134',
      { model_type: 'qwen3', hidden_size: 80, head_dim: 128, num_attention_heads: 32 },
      128,
    ],
    ['HabanaAI/vllm-fork#1294', { model_type: 'llama', head_dim: null }, 16],
    ['transformers#46211', { model_type: 'llama', hidden_size: 1792, num_attention_heads: 24, head_dim: 128 }, 128],
    ['gpt-neox#1434', { model_type: 'gemma3_text', hidden_size: 640, head_dim: 256 }, 256],
  ])('%s: %j', (_, change, headDim) => {
    expect(parsed(change).headDim).toBe(headDim)
  })

  test('genslm#110: a hidden size that the heads do not divide is named', () => {
    expect(() => parsed({ model_type: 'llama', hidden_size: 54 })).toThrow(
      kinmarkError('weights.setting-not-multiple', { setting: 'hidden_size', value: 54, divisor: 4 }),
    )
  })
})

describe('weights that are not whole', () => {
  test.each([
    ['stable-diffusion-webui#10014, ComfyUI_YuE#28', 4_000],
    ['airllm#93', 9],
    ['MagicClothing#19', 2_000_000],
  ])('%s: a download that stopped after %i bytes is cut short', async (_, length) => {
    const bytes = new Uint8Array(readFileSync('public/models/tiny/model.safetensors')).subarray(0, length)
    await expect(inspectModel(tiny({ 'model.safetensors': bytes }))).rejects.toThrow(/cut short/)
  })

  test('MFTCoder#20: cloned without Git LFS', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 1\n'
    await expect(inspectModel(tiny({ 'model.safetensors': pointer }))).rejects.toThrow(/git lfs pull/)
  })

  test('hf-mirror-cli#16: bytes before the header', async () => {
    const bytes = new Uint8Array(readFileSync('public/models/tiny/model.safetensors'))
    const shifted = new Uint8Array(bytes.length + 6)
    shifted.set(bytes, 6)
    await expect(inspectModel(tiny({ 'model.safetensors': shifted }))).rejects.toThrow(
      kinmarkError('weights.header-past-end', { path: 'model.safetensors' }),
    )
  })
})

describe('indexes', () => {
  const split = async (change: (map: Record<string, string>) => void) => {
    const { files } = randomModel(recipes.qwen2, 'F32', 2)
    const map: Record<string, string> = {}
    for (const file of files.slice(1)) for (const { name } of await readSafetensors(file)) map[name] = file.path
    change(map)
    return [...files, named('model.safetensors.index.json', JSON.stringify({ weight_map: map }))]
  }
  const norm = 'model.norm.weight'

  test('sglang#32279, colibri#1317: a shard that is not there', async () => {
    const files = (await split(() => {})).filter(({ path }) => path !== 'model-2-of-2.safetensors')
    await expect(inspectModel(files)).rejects.toThrow(
      kinmarkError('weights.index-mismatch', { listed: 'model-2-of-2.safetensors', actual: null }),
    )
  })

  test('CoSER#3, mlx-vlm#1827: an index of other shards than those that are there', async () => {
    const files = await split((map) => {
      for (const name of Object.keys(map)) map[name] = map[name].replace('of-2', 'of-30')
    })
    await expect(inspectModel(files)).rejects.toThrow()
  })

  test('huggingface_hub#4740: a tensor that the index places in another shard', async () => {
    const files = await split((map) => {
      map[norm] = map[norm].startsWith('model-1') ? 'model-2-of-2.safetensors' : 'model-1-of-2.safetensors'
    })
    await expect(inspectModel(files)).rejects.toThrow(kinmarkError('weights.index-mismatch', { tensor: norm }))
  })

  test('huggingface_hub#4728: the index lists a tensor that no file has and nobody reads', async () => {
    const { files } = randomModel(recipes['qwen3_5, text only'], 'F32')
    const map = Object.fromEntries((await readSafetensors(files[1])).map(({ name }) => [name, 'model.safetensors']))
    const weight_map = { ...map, 'mtp.fc.weight': 'model.safetensors' }
    const index = named('model.safetensors.index.json', JSON.stringify({ weight_map }))
    expect((await inspectModel([...files, index])).config.family).toBe('qwen3_5_text')
  })

  test('xotorch#11: one file and no index', async () => {
    expect((await inspectModel(tiny())).tensors.size).toBe(38)
  })
})

describe('quantised releases', () => {
  test.each([
    ['Megatron-Bridge#2895', { model_type: 'ministral3', quantization_config: { quant_method: 'fp8' } }, 'fp8'],
    [
      'TensorRT-Model-Connect#1115',
      { model_type: 'qwen3_5', text_config: small, quantization_config: { quant_method: 'fp8' } },
      'fp8',
    ],
  ])('%s', (_, change, method) => {
    expect(() => parsed(change)).toThrow(kinmarkError('weights.quantised', { path: 'config.json', method }))
  })

  test('unsloth#6978, sglang#19000: scales of fp8 that the config does not mention', async () => {
    const scale = {
      name: 'model.layers.0.mlp.gate_proj.weight_scale_inv',
      dtype: 'F32',
      shape: [1],
      data: new Uint8Array(4),
    }
    const weights = safetensors('model.safetensors', [scale])
    await expect(inspectModel([named('config.json', JSON.stringify(tinyConfig)), weights])).rejects.toThrow(
      kinmarkError('weights.quantised', { method: 'fp8' }),
    )
  })
})

describe('ends of texts', () => {
  const files = (generation: object | null, config: object) => [
    ...(generation ? [named('generation_config.json', JSON.stringify(generation))] : []),
    named('config.json', JSON.stringify(config)),
  ]
  test.each([
    ['mlx-vlm#309', { eos_token_id: [1, 106] }, { eos_token_id: 1 }, [1, 106]],
    ['TensorRT-Model-Connect#640', { eos_token_id: [151645, 151643] }, { eos_token_id: 151645 }, [151645, 151643]],
    ['Qwen3#927, without generation settings', null, { eos_token_id: 151643 }, [151643]],
    ['CodeGen#32, without any', {}, {}, []],
  ])('%s', async (_, generation, config, expected) => {
    expect([...(await endTokens(files(generation, config)))]).toEqual(expected)
  })
})

describe('templates', () => {
  const rendered = async (chat_template: unknown, extra: object = {}) => {
    const config = named('tokenizer_config.json', JSON.stringify({ chat_template, ...extra }))
    return (await openChatTemplate([config]))?.([{ role: 'user', content: ' Hi ' }])
  }

  test('vllm#36907: named templates', async () => {
    const list = [
      { name: 'tool_use', template: 'tools' },
      { name: 'default', template: 'plain' },
    ]
    expect(await rendered(list)).toBe('plain')
  })

  test('gpt4all#3348: the last message by a negative index', async () => {
    const template =
      "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content']}}{% if not loop.last or (loop.last and message['role'] != 'assistant') %}{{'<|im_end|>\n'}}{% endif %}{% endfor %}{% if add_generation_prompt and messages[-1]['role'] != 'assistant' %}{{ '<|im_start|>assistant\n' }}{% endif %}"
    expect(await rendered(template)).toBe('<|im_start|>user\n Hi <|im_end|>\n<|im_start|>assistant\n')
  })

  test('text-generation-inference#1545: methods of strings', async () => {
    expect(await rendered("{{ messages[0]['role'].title() }}:{{ messages[0]['content'].strip() }}")).toBe('User:Hi')
  })

  test('llama-cpp-python#1228: special tokens given as objects', async () => {
    expect(await rendered('{{ bos_token }}{{ eos_token }}', { bos_token: { content: '<s>' }, eos_token: '</s>' })).toBe(
      '<s></s>',
    )
  })

  test('text-generation-inference#1427: no template at all', async () => {
    expect(await rendered(undefined)).toBeUndefined()
  })
})

describe('texts', () => {
  test('good-fences#107, paseo#4695, tauri#15922: a byte order mark before JSON', async () => {
    const config = `\uFEFF${JSON.stringify(tinyConfig, null, 2).replaceAll('\n', '\r\n')}`
    expect((await inspectModel(tiny({ 'config.json': config }))).config.family).toBe('llama')
  })

  test.each([
    ['hub-docs#1168', 'base_model: [a/b, c/d]', ['a/b', 'c/d']],
    ['huggingface_hub#1936', 'base_model: a/b', ['a/b']],
  ])('%s: %s', async (_, line, baseModels) => {
    const { card } = await inspectModel(tiny({ 'README.md': `---\n${line}\n---\n# A\n` }))
    expect(card?.baseModels).toEqual(baseModels)
  })
})

describe('embeddings and heads', () => {
  test('AReaL#149: a vocabulary larger than the embedding is named', async () => {
    await expect(
      inspectModel(tiny({ 'config.json': JSON.stringify({ ...tinyConfig, vocab_size: 2100 }) })),
    ).rejects.toThrow(kinmarkError('weights.shape-mismatch', { shape: [2048, 192], expected: [2100, 192] }))
  })

  test('omlx#37: image encoders under another prefix are left unread', async () => {
    const { files } = randomModel(recipes.gemma3, 'F32')
    const tower = safetensors('model-2.safetensors', [
      { name: 'language_model.vision_tower.blocks.0.norm1.bias', dtype: 'F32', shape: [1], data: new Uint8Array(4) },
    ])
    const weights: NamedBytes = { ...files[1], path: 'model-1.safetensors' }
    const model = await inspectModel([files[0], weights, tower])
    expect([...model.tensors.keys()].some((name) => name.includes('vision_tower'))).toBe(false)
  })
})

describe('adapters', () => {
  const merged = async (parts: { name: string; shape: number[] }[], config: object) => {
    const { files } = randomModel(recipes.llama, 'F32')
    const tensors = parts.map(({ name, shape }) => {
      return { name, shape, dtype: 'F32', data: new Uint8Array(4 * shape.reduce((a, b) => a * b, 1)) }
    })
    const adapter = [
      named('adapter_config.json', JSON.stringify(config)),
      safetensors('adapter_model.safetensors', tensors),
    ]
    return mergeAdapter(adapter, { files, tensors: (await inspectModel(files)).tensors })
  }

  test('mergekit#328, Qwen-VL#415: a head for more tokens than the base has', async () => {
    const part = { name: 'base_model.model.model.embed_tokens.modules_to_save.default.weight', shape: [98, 64] }
    await expect(merged([part], { r: 1 })).rejects.toThrow(
      kinmarkError('weights.shape-mismatch', { shape: [98, 64], expected: [97, 64] }),
    )
  })

  test('unsloth#4098, LlamaFactory#8859: a head for a base that has none of its own', async () => {
    await expect(merged([{ name: 'base_model.model.lm_head.weight', shape: [97, 64] }], { r: 1 })).rejects.toThrow(
      kinmarkError('weights.adapter-target-unknown', { tensor: 'base_model.model.lm_head.weight' }),
    )
  })

  test('axolotl#3673: a pattern that is no regular expression', async () => {
    const name = 'base_model.model.model.layers.0.mlp.up_proj'
    const parts = [
      { name: `${name}.lora_A.weight`, shape: [1, 64] },
      { name: `${name}.lora_B.weight`, shape: [80, 1] },
    ]
    await expect(merged(parts, { alpha_pattern: { '(': 4 } })).rejects.toThrow(
      kinmarkError('weights.setting-invalid', { setting: 'alpha_pattern' }),
    )
  })
})

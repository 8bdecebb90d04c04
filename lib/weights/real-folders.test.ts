import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kinmarkError } from '../../test/fixtures/kinmark-error'
import { demoFiles, named, safetensors } from '../../test/fixtures/model-folder'
import { randomModel } from '../../test/reference/random-model'
import { recipes } from '../../test/reference/recipes'
import { folderFiles } from '../inference/node/folder'
import { openNodeRuntime } from '../inference/node/open-node-runtime'
import type { NamedBytes } from './bytes'
import { fromFloat32 } from './dtype/float32'
import { assertPublishable, inspectModel } from './inspect-model'
import { inspectWeights } from './inspect-weights'
import { readSafetensors } from './safetensors/read-safetensors'
import { openChatTemplate } from './text/chat-template'
import { openTokenizer } from './text/tokenizer'

/** Folders that people have reported, by the public reports that show them. */

const ids = [3, 14, 15, 92, 65, 35, 89, 79]
const batch = { ids: Int32Array.from(ids), rows: 1, length: ids.length }
const tiny = (change: Parameters<typeof demoFiles>[1] = {}) => demoFiles('tiny', change)
const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935\nsize 4096\n'
const webPage = '<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>'

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'kinmark-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const written = async (folder: string, { path, bytes }: NamedBytes, name = path) =>
  writeFile(join(folder, name), await bytes.slice(0, bytes.byteLength))

async function logitsOf(folder: string): Promise<Float32Array> {
  const runtime = await openNodeRuntime(folder, { threads: 1 })
  const { logits } = await runtime.run(batch, ['logits'])
  await runtime.close()
  return logits.data
}

/** The files of a random model with tensors added, changed (null: left out) or of another type. */
async function changed(recipe: string, change: Record<string, Uint8Array | number[] | null>, dtype = 'F32') {
  const { files, weights } = randomModel(recipes[recipe], 'F32')
  const tensors = recipes[recipe].shapes.map(([name, shape]) => {
    const data = fromFloat32(Float32Array.from(weights(name).data), 'F32')
    return { name, dtype: 'F32', shape: shape as readonly number[], data }
  })
  for (const [name, value] of Object.entries(change)) {
    const at = tensors.findIndex((tensor) => tensor.name === name)
    if (value === null) tensors.splice(at, 1)
    else {
      const [shape, data] =
        value instanceof Uint8Array ? [[value.length], value] : [value, new Uint8Array(product(value))]
      const tensor = { name, dtype, shape, data }
      if (at < 0) tensors.push(tensor)
      else tensors[at] = tensor
    }
  }
  return { files: [files[0], safetensors('model.safetensors', tensors)], weights }
}
const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1)
const largest = (a: ArrayLike<number>, b: readonly number[]) =>
  b.reduce((most, x, i) => Math.max(most, Math.abs(x - a[i])), 0)

describe('links', () => {
  test('onnxruntime#27353, rten#1334: a snapshot of the Hugging Face cache, whose files are links into blobs, runs', async () => {
    const { files, weights } = randomModel(recipes.llama, 'F32')
    const expected = recipes.llama.forward(recipes.llama.config, weights, ids).logits.at(-1) ?? []
    await inFolder(async (cache) => {
      const snapshot = join(cache, 'snapshots/abc')
      await mkdir(join(cache, 'blobs'))
      await mkdir(snapshot, { recursive: true })
      for (const [i, file] of files.entries()) {
        await written(join(cache, 'blobs'), file, `blob${i}`)
        await symlink(`../../blobs/blob${i}`, join(snapshot, file.path))
      }
      expect(largest(await logitsOf(snapshot), expected)).toBeLessThan(1e-3)
    })
  })

  test('shards that are links into several folders run from memory', async () => {
    const { files, weights } = randomModel(recipes.llama, 'F32', 2)
    const expected = recipes.llama.forward(recipes.llama.config, weights, ids).logits.at(-1) ?? []
    await inFolder(async (folder) => {
      for (const [i, file] of files.entries()) {
        const elsewhere = join(folder, `.place${i}`)
        await mkdir(elsewhere)
        await written(elsewhere, file)
        await symlink(join(elsewhere, file.path), join(folder, file.path))
      }
      expect(largest(await logitsOf(folder), expected)).toBeLessThan(1e-3)
    })
  })

  test('interrupted caches: a link to a file that is not there is named', async () => {
    await inFolder(async (folder) => {
      await symlink('nowhere', join(folder, 'model.safetensors'))
      await expect(folderFiles(folder)).rejects.toThrow(
        kinmarkError('inference.link-dangling', { path: 'model.safetensors', folder }),
      )
    })
  })
})

describe('tensors that a family does not read', () => {
  test.each([
    ['gpt2', 'transformer.h.0.attn.bias', 'BOOL'],
    ['gpt2', 'transformer.h.1.attn.bias', 'U8'],
    ['gpt_neox', 'gpt_neox.layers.0.attention.bias', 'BOOL'],
    ['gpt_neox', 'gpt_neox.layers.2.attention.bias', 'U8'],
  ])('Pythia and GPT-2 files in the wild: %s with the mask %s as %s runs', async (recipe, name, dtype) => {
    const { files, weights } = await changed(recipe, { [name]: [1, 1, 8, 8] }, dtype)
    const expected = recipes[recipe].forward(recipes[recipe].config, weights, ids).logits.at(-1) ?? []
    expect((await inspectModel(files)).tensors.has(name)).toBe(false)
    await inFolder(async (folder) => {
      for (const file of files) await written(folder, file)
      expect(largest(await logitsOf(folder), expected)).toBeLessThan(1e-3)
    })
  })

  test('transformers#42612, LlamaFactory#10560, vllm#51665: tied by the config, yet with a head that differs: the head is used', async () => {
    const { files, weights } = randomModel(recipes.llama, 'F32')
    const head = weights('model.embed_tokens.weight')
    const data = Float32Array.from(head.data, (x) => -2 * x)
    const { files: withHead } = await changed('llama', {})
    const [first, second] = withHead
    const all = await readSafetensors(second)
    const tensors = await Promise.all(
      all.map(async ({ name, shape, offset, byteLength }) => {
        return { name, dtype: 'F32', shape, data: await second.bytes.slice(offset, offset + byteLength) }
      }),
    )
    tensors.push({ name: 'lm_head.weight', dtype: 'F32', shape: [...head.shape], data: fromFloat32(data, 'F32') })
    const model = await inspectModel([first, safetensors('model.safetensors', tensors)])
    expect(model.config.tied).toBe(false)
    await inFolder(async (folder) => {
      await written(folder, files[0])
      await written(folder, safetensors('model.safetensors', tensors))
      const { logits } = recipes.llama.forward(
        { ...recipes.llama.config, tie_word_embeddings: false },
        (name) => {
          return name === 'lm_head.weight' ? { shape: head.shape, data } : weights(name)
        },
        ids,
      )
      expect(largest(await logitsOf(folder), logits.at(-1) ?? [])).toBeLessThan(1e-3)
    })
  })
})

describe('tokenizers and templates', () => {
  const json = JSON.stringify({
    version: '1.0',
    added_tokens: ['<s>', '</s>'].map((content, id) => {
      const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
      return { id, content, ...flags }
    }),
    normalizer: null,
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [],
      special_tokens: { '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] } },
    },
    decoder: null,
    model: { type: 'WordLevel', vocab: { '<s>': 0, '</s>': 1, a: 2, '<unk>': 3 }, unk_token: '<unk>' },
  })
  const encoded = async (config: object) => {
    const files = [named('tokenizer.json', json), named('tokenizer_config.json', JSON.stringify(config))]
    return [...((await openTokenizer(files))?.encodePrompt('a a') ?? [])]
  }
  const llama = { tokenizer_class: 'LlamaTokenizer', bos_token: '<s>', eos_token: { content: '</s>' } }

  test.each([
    [{ ...llama, add_bos_token: false }, [2, 2]],
    [{ ...llama, add_bos_token: true, add_eos_token: true }, [0, 2, 2, 1]],
    [{ ...llama, tokenizer_class: 'LlamaTokenizerFast', add_bos_token: true }, [0, 2, 2]],
    [llama, [0, 2, 2]],
    [{ ...llama, tokenizer_class: 'PreTrainedTokenizerFast', add_bos_token: false }, [0, 2, 2]],
  ])(
    'swift-transformers#163, TGI#2137, transformers#31316: %j decides the first token: %j',
    async (config, expected) => {
      expect(await encoded(config)).toEqual(expected)
    },
  )

  const rendered = async (chat_template: string, files: NamedBytes[] = []) => {
    const config = named('tokenizer_config.json', JSON.stringify({ chat_template }))
    return (await openChatTemplate([config, ...files]))?.([{ role: 'user', content: 'Hi' }])
  }

  test('llama.cpp#5040: special tokens that only special_tokens_map.json has', async () => {
    const map = { bos_token: '<s>', eos_token: { content: '</s>' }, unk_token: '<unk>', pad_token: '<pad>' }
    const file = named('special_tokens_map.json', JSON.stringify(map))
    expect(await rendered('{{ bos_token }}{{ eos_token }}{{ unk_token }}{{ pad_token }}', [file])).toBe(
      '<s></s><unk><pad>',
    )
  })

  test('mlxcel#1597, huggingface.js#846: tools and documents are none', async () => {
    const template =
      '{% if tools is not none %}T{% endif %}{% if documents is not none %}D{% endif %}{{ tools is defined }}'
    expect(await rendered(template)).toBe('True')
  })

  test.each([
    ['{{ true }} {{ none }} {{ [1, "a", none, true] }}', "True None [1, 'a', None, True]"],
    ['{{ {"a": [false], "b": "it\'s"} }}', `{'a': [False], 'b': "it's"}`],
    ['{{ "x" ~ true ~ none }}{% set y = none %}{{ missing }}', 'xTrueNone'],
    ['{{ ["a\\nb", "q\\"q", "\\\\"] }}', `['a\\nb', 'q"q', '\\\\']`],
    ['{{ messages[0] }}', "{'role': 'user', 'content': 'Hi'}"],
  ])('minijinja#911: %s prints %s', async (template, expected) => {
    expect(await rendered(template)).toBe(expected)
  })
})

describe('files beside the weights', () => {
  const inTwo = async () => {
    const { files } = randomModel(recipes.llama, 'F32', 2)
    const map: Record<string, string> = {}
    for (const file of files.slice(1)) for (const { name } of await readSafetensors(file)) map[name] = file.path
    const index = named('model.safetensors.index.json', JSON.stringify({ metadata: {}, weight_map: map }))
    return { files: [...files, index], map }
  }
  const stray = safetensors('consolidated.safetensors', [
    { name: 'tok_embeddings.weight', dtype: 'F32', shape: [1], data: new Uint8Array(4) },
  ])

  test('vllm#4989, #40765, mlx-vlm#1464: what the index does not name is left out, and named', async () => {
    const { files } = await inTwo()
    const again = { ...files[1], path: 'model-00001-of-00009.safetensors' }
    const model = await inspectModel([...files, stray, again])
    expect(model.leftOut).toEqual(['consolidated.safetensors', 'model-00001-of-00009.safetensors'])
    expect((await inspectModel(tiny({ 'consolidated.safetensors': 'x' }))).leftOut).toEqual([
      'consolidated.safetensors',
    ])
  })

  test('transformers#28580: pickles of the Trainer beside safetensors are left out when verifying, and refused by name when publishing', async () => {
    const paths = ['optimizer.pt', 'pytorch_model.bin', 'training_args.bin']
    const files = tiny(Object.fromEntries(paths.map((path) => [path, 'x'])))
    const model = await inspectModel(files)
    expect([...model.leftOut].sort()).toEqual(paths)
    expect((await inspectWeights(files)).parameters).toBe(1_967_808)
    expect(() => assertPublishable(model)).toThrow(kinmarkError('weights.leave-out', { paths: model.leftOut }))
  })

  test('Llama 3 downloads: weights in a sub-folder are left out in the page as on the command line', async () => {
    const model = await inspectModel(tiny({ 'original/consolidated.00.pth': 'x', 'original/params.json': '{}' }))
    expect(model.leftOut).toEqual(['original/consolidated.00.pth'])
  })

  test.each([1, 3, 5])(
    'ComfyUI#12266, llama.cpp#18291, mlx#4439: tensors at offsets that are no multiple of their type, shifted by %i bytes',
    async (shift) => {
      const { files, weights } = randomModel(recipes.llama, 'F32')
      const padding = { name: 'model.rotary_emb.inv_freq', dtype: 'U8', shape: [shift], data: new Uint8Array(shift) }
      const tensors = recipes.llama.shapes.map(([name, shape]) => {
        return { name, dtype: 'F32', shape, data: fromFloat32(Float32Array.from(weights(name).data), 'F32') }
      })
      await inFolder(async (folder) => {
        await written(folder, files[0])
        await written(folder, safetensors('model.safetensors', [padding, ...tensors]))
        const { logits } = recipes.llama.forward(recipes.llama.config, weights, ids)
        expect(largest(await logitsOf(folder), logits.at(-1) ?? [])).toBeLessThan(1e-3)
      })
    },
  )

  test('dynamo#3043, transformers#42959: NaN and Infinity in settings that nobody reads; read ones are named', async () => {
    const [config] = tiny().filter(({ path }) => path === 'config.json')
    const text = new TextDecoder().decode(await config.bytes.slice(0, config.bytes.byteLength))
    const withUnread = text.replace('{', '{"router_jitter": NaN, "limits": [-Infinity, Infinity],')
    expect((await inspectModel(tiny({ 'config.json': withUnread }))).config.layers).toBe(4)
    await expect(
      inspectModel(tiny({ 'config.json': text.replace(/"rope_theta": [^,]+/, '"rope_theta": Infinity') })),
    ).rejects.toThrow(kinmarkError('weights.setting-invalid', { source: 'config.json', setting: 'rope_theta' }))
  })

  test.each([
    ['a licence that is a list', '---\nlicense:\n- mit\n- apache-2.0\n---\n# A\n', null, 'mit, apache-2.0'],
    ['broken YAML', '---\nlicense: mit\ntags: [a\nx: "\n---\n# A\n', 'weights.front-matter-not-yaml', null],
    ['a field of another type', '---\nlicense: mit\nlanguage: 7\n---\n', 'weights.front-matter-invalid', null],
    ['Latin-1', Uint8Array.from([35, 32, 65, 10, 0xe9, 10]), 'weights.card-not-utf8', null],
  ])('datasets#4827: a README with %s never keeps a model from being read', async (_, readme, code, licence) => {
    const model = await inspectModel(tiny({ 'README.md': readme }))
    expect(model.parameters).toBe(1_967_808)
    expect(model.card?.licence ?? null).toBe(licence)
    expect(model.cardFault?.code ?? null).toBe(code)
    if (code) expect(() => assertPublishable(model)).toThrow(/line \d/)
  })

  test.each([
    ['llama', 'LLaMAForCausalLM'],
    ['llama', 'LlamaModel'],
    ['gpt2', 'GPT2Model'],
  ])('old checkpoints: %s with the class %s', async (recipe, architecture) => {
    const { files } = randomModel(recipes[recipe], 'F32')
    const config = JSON.stringify({ ...recipes[recipe].config, architectures: [architecture] })
    expect((await inspectModel([named('config.json', config), files[1]])).config.family).toBe(recipe)
  })
})

describe('other things under a model’s names', () => {
  test.each(['model.safetensors', 'config.json', 'model.safetensors.index.json'])(
    'OmniParser#34, exllama#242: a Git LFS pointer as %s',
    async (path) => {
      await expect(inspectModel(tiny({ [path]: pointer }))).rejects.toThrow(
        kinmarkError('weights.wrong-format', { path, format: 'lfs-pointer' }),
      )
    },
  )

  test('OmniParser#34, exllama#242: a Git LFS pointer as a tokenizer or a GGUF file', async () => {
    const wrong = (path: string) => kinmarkError('weights.wrong-format', { path, format: 'lfs-pointer' })
    await expect(openTokenizer([named('tokenizer.json', pointer)])).rejects.toThrow(wrong('tokenizer.json'))
    await expect(inspectWeights([named('a.gguf', pointer)])).rejects.toThrow(wrong('a.gguf'))
  })

  test.each([
    ['model.safetensors', webPage, 'web-page'],
    ['config.json', webPage, 'web-page'],
    ['model.safetensors', '{"error":"Repository not found"}', 'error-message'],
    ['model.safetensors', 'Entry not found', 'error-message'],
    [
      'model.safetensors',
      'Access to model x/y is restricted. You must be authenticated to access it.',
      'error-message',
    ],
  ] as const)('stable-diffusion-howto#1: %s is %s', async (path, content, format) => {
    await expect(inspectModel(tiny({ [path]: content }))).rejects.toThrow(
      kinmarkError('weights.wrong-format', { path, format }),
    )
  })

  test('mergekit#197, transformers#28688, unsloth#1191: a LoRA adapter is refused with the name of its base', async () => {
    const config = named('adapter_config.json', JSON.stringify({ base_model_name_or_path: 'org/base', r: 8 }))
    await expect(inspectWeights([config, named('adapter_model.safetensors', 'x')])).rejects.toThrow(
      kinmarkError('weights.adapter', { path: 'adapter_config.json', base: 'org/base' }),
    )
  })

  const tensor = (name: string, dtype: string) => {
    return { name, dtype, shape: [1], data: new Uint8Array(dtype === 'U32' || dtype === 'I32' ? 4 : 2) }
  }
  test.each([
    ['MLX', [tensor('model.layers.0.mlp.up_proj.weight', 'U32'), tensor('model.layers.0.mlp.up_proj.scales', 'F16')]],
    ['AWQ or GPTQ', [tensor('model.layers.0.mlp.up_proj.qweight', 'I32'), tensor('x.scales', 'F16')]],
    ['GPTQ', [tensor('model.layers.0.mlp.up_proj.g_idx', 'I32')]],
    ['fp8', [tensor('model.layers.0.mlp.up_proj.weight_scale_inv', 'F16')]],
  ])('mlx-swift-examples#375: %s without an entry in the config', async (method, tensors) => {
    const weights = safetensors('model.safetensors', tensors)
    const config = tiny().find(({ path }) => path === 'config.json') as NamedBytes
    await expect(inspectModel([config, weights])).rejects.toThrow(
      kinmarkError('weights.quantised', { path: 'model.safetensors', method }),
    )
  })
})

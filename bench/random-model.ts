import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ShapeName, shapes } from './shapes'

/** Standard deviation of the logits: the two likeliest tokens then hold about as much as in a trained model. */
const logitDeviation = 6
/** The standard deviation of weights that are spread evenly within ±0.07. */
const weightDeviation = 0.14 / Math.sqrt(12)

/** Writes a Llama folder with random float32 weights. */
export async function writeRandomModel(folder: string, name: ShapeName): Promise<void> {
  const shape = shapes[name]
  await mkdir(folder, { recursive: true })
  const config = {
    ...{ architectures: ['LlamaForCausalLM'], model_type: 'llama', hidden_act: 'silu', rms_norm_eps: 1e-5 },
    ...{ tie_word_embeddings: true, bos_token_id: 0, eos_token_id: 0, ...shape },
  }
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  const tensors = tensorsOf(shape)
  let at = 0
  const header = tensors.map(([tensor, dimensions]) => {
    const begin = at
    at += 4 * dimensions.reduce((a, b) => a * b)
    return [tensor, { dtype: 'F32', shape: dimensions, data_offsets: [begin, at] }]
  })
  const json = JSON.stringify(Object.fromEntries(header))
  const text = Buffer.from(json.padEnd(Math.ceil(json.length / 64) * 64 - 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  const file = await open(join(folder, 'model.safetensors'), 'w')
  await file.writeFile(length)
  await file.writeFile(text)
  const finalGain = logitDeviation / (weightDeviation * Math.sqrt(shape.hidden_size))
  for (const [tensor, dimensions] of tensors) {
    const gain = tensor === 'model.norm.weight' ? finalGain : 1
    const count = dimensions.reduce((a, b) => a * b)
    const values = new Float32Array(count)
    for (let i = 0; i < count; i++) values[i] = dimensions.length === 1 ? gain : (Math.random() - 0.5) * 0.14
    const bytes = new Uint8Array(values.buffer)
    for (let from = 0; from < bytes.length; from += 2 ** 28) await file.writeFile(bytes.subarray(from, from + 2 ** 28))
  }
  await file.close()
}

function tensorsOf(shape: (typeof shapes)[ShapeName]): [string, number[]][] {
  const { hidden_size: hidden, intermediate_size: ff, vocab_size: vocab, num_hidden_layers: layers } = shape
  const kv = (hidden / shape.num_attention_heads) * shape.num_key_value_heads
  const layer = (i: number): [string, number[]][] => [
    [`model.layers.${i}.input_layernorm.weight`, [hidden]],
    [`model.layers.${i}.self_attn.q_proj.weight`, [hidden, hidden]],
    [`model.layers.${i}.self_attn.k_proj.weight`, [kv, hidden]],
    [`model.layers.${i}.self_attn.v_proj.weight`, [kv, hidden]],
    [`model.layers.${i}.self_attn.o_proj.weight`, [hidden, hidden]],
    [`model.layers.${i}.post_attention_layernorm.weight`, [hidden]],
    [`model.layers.${i}.mlp.gate_proj.weight`, [ff, hidden]],
    [`model.layers.${i}.mlp.up_proj.weight`, [ff, hidden]],
    [`model.layers.${i}.mlp.down_proj.weight`, [hidden, ff]],
  ]
  return [
    ['model.embed_tokens.weight', [vocab, hidden]],
    ['model.norm.weight', [hidden]],
    ...Array.from({ length: layers }, (_, i) => layer(i)).flat(),
  ]
}

import { KinmarkError } from '../error'
import type { LlamaConfig } from './config'
import { isWeightDtype } from './dtype'
import type { TensorTable } from './tensor'

export const embeddingName = 'model.embed_tokens.weight'
export const finalNormName = 'model.norm.weight'

export function downProjName(layer: number): string {
  return layerTensorName(layer, 'mlp.down_proj')
}

export function layerTensorName(layer: number, part: string): string {
  return `model.layers.${layer}.${part}.weight`
}

/** The unembedding's tensor: the embedding itself where the two are tied. */
export function headName(config: LlamaConfig): string {
  return config.tied ? embeddingName : 'lm_head.weight'
}

/** Every tensor that the config calls for, with its shape; matrices are [out, in]. */
function llamaShapes(config: LlamaConfig): Map<string, number[]> {
  const { hidden, ff, layers, heads, kvHeads, headDim, vocab } = config
  const shapes = new Map([
    [embeddingName, [vocab, hidden]],
    [finalNormName, [hidden]],
    [headName(config), [vocab, hidden]],
  ])
  for (let layer = 0; layer < layers; layer++) {
    const set = (part: string, shape: number[]) => shapes.set(layerTensorName(layer, part), shape)
    set('input_layernorm', [hidden])
    set('self_attn.q_proj', [heads * headDim, hidden])
    set('self_attn.k_proj', [kvHeads * headDim, hidden])
    set('self_attn.v_proj', [kvHeads * headDim, hidden])
    set('self_attn.o_proj', [hidden, heads * headDim])
    set('post_attention_layernorm', [hidden])
    set('mlp.gate_proj', [ff, hidden])
    set('mlp.up_proj', [ff, hidden])
    set('mlp.down_proj', [hidden, ff])
  }
  return shapes
}

/** Old exports keep the rotary table, and some repeat a tied embedding: neither is read. */
const unread = /(^|\.)rotary_emb\.inv_freq$|^lm_head\.weight$/

/** Refuses tensors that are not those of the config: one missing, of another shape or type, or one too many. */
export function assertTensorsFit(config: LlamaConfig, tensors: TensorTable): void {
  const shapes = llamaShapes(config)
  for (const [name, shape] of shapes) {
    const tensor = tensors.get(name)
    const wanted = `[${shape.join(', ')}]`
    if (!tensor) throw new KinmarkError(`Tensor “${name}” is missing; “config.json” calls for it with shape ${wanted}.`)
    const found = `[${tensor.shape.join(', ')}]`
    if (found !== wanted)
      throw new KinmarkError(
        `Tensor “${name}” in “${tensor.file}” has shape ${found}, but “config.json” calls for ${wanted}.`,
      )
    if (!isWeightDtype(tensor.dtype))
      throw new KinmarkError(`Tensor “${name}” is of type ${tensor.dtype}; weights must be F32, F16 or BF16.`)
  }
  for (const { name, file } of tensors.values())
    if (!shapes.has(name) && !unread.test(name))
      throw new KinmarkError(`“${file}” has a tensor “${name.slice(0, 80)}” that “config.json” does not call for.`)
}

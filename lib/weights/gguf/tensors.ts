import type { ModelConfig } from '../config/config'
import type { ExpertPart, FamilyName, Part } from '../config/families'
import {
  biasName,
  embeddingName,
  expertNames,
  familyRow,
  finalNormName,
  headName,
  layerInputNames,
  partName,
  positionsName,
  storedName,
} from '../config/tensor-names'
import type { Tensor, TensorTable } from '../tensor'
import type { GgufLayout } from './layout'
import { partLayout } from './part-layout'
import type { Gguf } from './read-gguf'

/** https://github.com/ggml-org/llama.cpp/blob/master/gguf-py/gguf/constants.py, TENSOR_NAMES. */
const partNames: Readonly<Partial<Record<Part, string>>> = {
  attentionNorm: 'attn_norm',
  q: 'attn_q',
  k: 'attn_k',
  v: 'attn_v',
  qkv: 'attn_qkv',
  qNorm: 'attn_q_norm',
  kNorm: 'attn_k_norm',
  sinks: 'attn_sinks',
  attentionOut: 'attn_output',
  attentionPostNorm: 'post_attention_norm',
  mlpNorm: 'ffn_norm',
  gate: 'ffn_gate',
  up: 'ffn_up',
  gateUp: 'ffn_up',
  down: 'ffn_down',
  mlpPostNorm: 'post_ffw_norm',
  router: 'ffn_gate_inp',
  layerInputGate: 'inp_gate',
  layerInputOut: 'proj',
  layerInputNorm: 'post_norm',
  deltaQkv: 'attn_qkv',
  deltaGate: 'attn_gate',
  deltaBeta: 'ssm_beta',
  deltaDecay: 'ssm_alpha',
  deltaConv: 'ssm_conv1d',
  deltaNorm: 'ssm_norm',
  deltaOut: 'ssm_out',
  convIn: 'shortconv.in_proj',
  conv: 'shortconv.conv',
  convOut: 'shortconv.out_proj',
  mambaIn: 'ssm_in',
  mambaConv: 'ssm_conv1d',
  mambaNorm: 'ssm_norm',
  mambaOut: 'ssm_out',
}

/** Parts that are no module's weight; the names are whole. */
const bareNames: Readonly<Partial<Record<Part, string>>> = {
  layerScale: 'layer_output_scale.weight',
  deltaLogDecay: 'ssm_a',
  deltaTimeBias: 'ssm_dt.bias',
  mambaLogDecay: 'ssm_a',
  mambaTimeBias: 'ssm_dt.bias',
  mambaSkip: 'ssm_d',
}

/** Names that one family has for itself. */
const ownNames: Partial<Record<FamilyName, Partial<Record<Part | 'finalNorm', string>>>> = {
  qwen3_5_text: { mlpNorm: 'post_attention_norm' },
  gpt_oss: { mlpNorm: 'post_attention_norm' },
  lfm2: { finalNorm: 'token_embd_norm' },
}

/** Parts that the file stores without Hugging Face's dimensions of length 1, or with more of them. */
const convolutions: readonly Part[] = ['deltaConv', 'conv', 'mambaConv']
const vectors: readonly Part[] = ['mambaNorm', 'mambaLogDecay', 'mambaSkip']

/** Tensors that belong to the config and are not weights. */
const rotary = /^(rope_freqs|rope_factors_(long|short))\.weight$/

type Rename = { name: string; ggufLayout?: GgufLayout; part?: Part }

/** A GGUF file's tensors under their names in a Hugging Face folder. */
export function ggufTensors({ metadata, tensors }: Gguf, config: ModelConfig): TensorTable {
  const renames = new Map<string, Rename>()
  const rename = (ggufName: string, name: string | null, ggufLayout?: GgufLayout, part?: Part) => {
    if (!name) return
    renames.set(`${ggufName}.weight`, { name, ggufLayout, part })
    renames.set(`${ggufName}.bias`, {
      name: biasName(name),
      ggufLayout: ggufLayout && 'heads' in ggufLayout ? ggufLayout : undefined,
    })
  }
  const { norm, parts } = familyRow(config)
  const own = ownNames[config.family]
  const inputs = layerInputNames(config)
  rename('token_embd', embeddingName(config))
  rename('position_embd', positionsName(config))
  rename('per_layer_token_embd', inputs?.embedding ?? null)
  rename('per_layer_model_proj', inputs?.projection ?? null)
  rename('per_layer_proj_norm', inputs?.norm ?? null)
  rename(own?.finalNorm ?? 'output_norm', finalNormName(config), norm === 'rms1' ? { as: 'full gain' } : undefined)
  if (!config.tied) rename('output', headName(config))
  for (let layer = 0; layer < config.layers; layer++)
    for (const part of Object.keys(parts) as Part[]) {
      const shares = config.blocks[layer].keysOf !== null
      const name = partName(config, layer, part) ?? (shares ? storedName(config, layer, part) : null)
      if (!name) continue
      const layout = partLayout(config, metadata.get('general.architecture'), part, name)
      const whole = bareNames[part]
      if (whole) renames.set(`blk.${layer}.${whole}`, { name, ggufLayout: layout, part })
      else rename(`blk.${layer}.${own?.[part] ?? partNames[part]}`, name, layout, part)
    }
  const drafts = draftLayers(metadata.get(`${metadata.get('general.architecture')}.nextn_predict_layers`), config)
  const renamed = tensors
    .filter(({ name }) => !rotary.test(name) && !drafts.some((prefix) => name.startsWith(prefix)))
    .flatMap((tensor): Tensor[] => {
      const stacked = expertsOf(tensor, config)
      if (stacked) return stacked
      const { name, ggufLayout, part } = renames.get(tensor.name) ?? { name: tensor.name }
      const shape = ggufLayout?.as === 'transposed' ? tensor.shape.toReversed() : shapeOf(tensor.shape, part)
      return [{ ...tensor, name, shape, ...(ggufLayout && { ggufLayout }) }]
    })
  return new Map(renamed.map((tensor) => [tensor.name, tensor]))
}

const stackedExperts = /^blk\.(\d+)\.ffn_(gate|up|down)_exps\.(weight|bias)$/

/** The matrices or biases of single experts in a tensor that holds those of all; null for any other tensor. */
function expertsOf(tensor: Tensor, config: ModelConfig): Tensor[] | null {
  const [, layer, part, kind] = stackedExperts.exec(tensor.name) ?? []
  const [count, ...shape] = tensor.shape
  if (!part || !config.experts || Number(layer) >= config.layers || count !== config.experts.count) return null
  const byteLength = tensor.byteLength / count
  return Array.from({ length: count }, (_, expert) => {
    const weight = expertNames(config, Number(layer), expert)[part as ExpertPart]
    const name = kind === 'bias' ? biasName(weight) : weight
    return { ...tensor, name, shape, offset: tensor.offset + expert * byteLength, byteLength }
  })
}

/** The shape in a Hugging Face folder. */
function shapeOf(shape: readonly number[], part: Part | undefined): readonly number[] {
  if (part && convolutions.includes(part) && shape.length === 2) return [shape[0], 1, shape[1]]
  return part && vectors.includes(part) ? [shape.reduce((a, b) => a * b, 1)] : shape
}

/** The beginnings of names of layers that only guess tokens ahead, which come after the model's own. */
function draftLayers(count: unknown, { layers }: ModelConfig): readonly string[] {
  return typeof count === 'number' && count <= 64 ? Array.from({ length: count }, (_, i) => `blk.${layers + i}.`) : []
}

import { z } from 'zod'
import { KinmarkError } from '../../error'
import { assertNotStatedQuantised } from '../quantised'
import { type FamilyName, families, isFamily, packedBy } from './families'
import { kindOf } from './refused-kinds'

/** Models with further inputs whose text model runs alone: `model_type` → that of the text model if it states none. */
const wrappers: Readonly<Record<string, FamilyName>> = {
  gemma3: 'gemma3_text',
  gemma4: 'gemma4_text',
  gemma4_unified: 'gemma4_text',
  lfm2_vl: 'lfm2',
  mistral3: 'mistral',
  qwen3_5: 'qwen3_5_text',
}

/** Older names of text models. */
const aliases: Readonly<Record<string, FamilyName>> = { gemma4_unified_text: 'gemma4_text' }

/** Classes with a head for next tokens, or with none: Hugging Face loads the same text model from all of them. */
const generative = /(ForCausalLM|LMHeadModel|ForConditionalGeneration|Model)$/

const record = z.looseObject({})
const typed = z.looseObject({
  model_type: z.string(),
  architectures: z.array(z.string()).nullish(),
  text_config: record.nullish(),
})

/**
 * The family and the settings of the text model in a config.json: those in `text_config` if it is nested. Throws if the
 * family is not supported, by name where it is known what it would need.
 */
export function textModelOf(json: unknown, source: string): { name: FamilyName; settings: Record<string, unknown> } {
  const outer = typed.safeParse(json)
  if (!outer.success) throw new KinmarkError('weights.model-type-missing', { source })
  const { model_type: modelType, architectures, text_config: nested } = outer.data
  const architecture = architectures?.[0] ?? null
  const wrapped = Object.hasOwn(wrappers, modelType) ? wrappers[modelType] : null
  const inner = wrapped && nested ? String(nested.model_type ?? wrapped) : modelType
  const name = isFamily(inner) ? inner : Object.hasOwn(aliases, inner) ? aliases[inner] : null
  const settings = wrapped && nested ? { ...inherited(outer.data), ...nested } : outer.data
  assertNotStatedQuantised(settings, source, name && packedBy(name))
  const hasExperts = name !== null && 'experts' in families[name]
  const kind = kindOf(inner, settings, { runs: name !== null, hasExperts })
  if (kind) throw new KinmarkError('weights.kind-unsupported', { source, modelType: inner, kind })
  if (!name || (wrapped && !nested) || (architecture && !generative.test(architecture)))
    throw new KinmarkError('weights.family-unsupported', {
      ...{ source, modelType, architecture, supported: Object.keys(families) },
    })
  return { name, settings }
}

/** Settings that a nested config leaves to the one around it. */
function inherited({ tie_word_embeddings, bos_token_id, quantization_config, quantization }: Record<string, unknown>) {
  return { tie_word_embeddings, bos_token_id, quantization_config, quantization }
}

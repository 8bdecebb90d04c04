import { z } from 'zod'
import { KinmarkError } from '../../error'
import { looseJson } from '../config/loose-json'

export const adapterConfigPath = 'adapter_config.json'

const factor = z.number().positive().max(1e6)
const schema = z.looseObject({
  base_model_name_or_path: z.string().max(500).nullish(),
  peft_type: z.string().max(100).default('LORA'),
  lora_alpha: factor.default(8),
  use_rslora: z.boolean().nullish(),
  use_dora: z.boolean().nullish(),
  fan_in_fan_out: z.boolean().nullish(),
  alpha_pattern: z.record(z.string(), factor).nullish(),
})

/** The settings of a PEFT adapter that decide what it adds. https://huggingface.co/docs/peft/package_reference/lora */
export type AdapterConfig = z.infer<typeof schema>

/** Throws `weights.adapter-unsupported` for adapters that add more than B A. */
export function parseAdapterConfig(text: string): AdapterConfig {
  const path = adapterConfigPath
  let json: unknown
  try {
    json = looseJson(text)
  } catch (cause) {
    throw new KinmarkError('weights.not-json', { path }, { cause })
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    const [{ path: at, message }] = parsed.error.issues
    throw new KinmarkError('weights.setting-invalid', { source: path, setting: at.join('.'), reason: message })
  }
  const { peft_type: type, use_dora: dora } = parsed.data
  if (type !== 'LORA' || dora) throw new KinmarkError('weights.adapter-unsupported', { method: dora ? 'DoRA' : type })
  return parsed.data
}

/** The model that an adapter names as its base; null if it names none or cannot be read. */
export function baseOfAdapter(text: string): string | null {
  try {
    const { base_model_name_or_path: base } = Object(looseJson(text)) as Record<string, unknown>
    return typeof base === 'string' && base !== '' ? base : null
  } catch {
    return null
  }
}

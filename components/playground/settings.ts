import { KinmarkError } from '@/lib/error'
import type { Sampling } from '@/lib/inference/sampler'

/** The settings as typed. */
export type SettingsForm = { temperature: string; seed: string; length: string }
export type Settings = Sampling & {
  /** Maximum number of new tokens. */
  length: number
}

export const defaultSettings: SettingsForm = { temperature: '0.8', seed: '1', length: '120' }

const maxSeed = 2 ** 32 - 1
const maxTokens = 4096
const maxTemperature = 5

export type SettingsErrors = Partial<Record<keyof SettingsForm, KinmarkError>>

/** The settings, or an error for each invalid field. */
export function readSettings(form: SettingsForm): { settings: Settings } | { errors: SettingsErrors } {
  const errors: SettingsErrors = {}
  const read = (field: keyof SettingsForm, parse: (text: string) => number): number => {
    try {
      return parse(form[field].trim())
    } catch (error) {
      if (!(error instanceof KinmarkError)) throw error
      errors[field] = error
      return 0
    }
  }
  const settings = {
    temperature: read('temperature', parseTemperature),
    seed: read('seed', (text) => parseInteger(text, 0, maxSeed)),
    length: read('length', (text) => parseInteger(text, 1, maxTokens)),
  }
  return Object.keys(errors).length > 0 ? { errors } : { settings }
}

function parseTemperature(text: string): number {
  const value = /^\d{1,2}(\.\d{0,4})?$/.test(text) ? Number(text) : Number.NaN
  if (!(value <= maxTemperature))
    throw new KinmarkError('form.number-out-of-range', { text, min: 0, max: maxTemperature })
  return value
}

function parseInteger(text: string, min: number, max: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max)) throw new KinmarkError('form.integer-out-of-range', { text, min, max })
  return value
}

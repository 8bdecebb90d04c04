import { LegacyError, messageOf } from '@/lib/error'
import type { Sampling } from '@/lib/inference/sampler'

/** The settings as they are being typed. */
export type SettingsForm = { temperature: string; seed: string; length: string }
export type Settings = Sampling & {
  /** New tokens at most. */
  length: number
}

export const firstSettings: SettingsForm = { temperature: '0.8', seed: '1', length: '120' }

const largestSeed = 2 ** 32 - 1
const mostTokens = 4096

/** The settings, or a sentence for each field that cannot be used. */
export function readSettings(form: SettingsForm): { settings: Settings } | { errors: Partial<SettingsForm> } {
  const errors: Partial<SettingsForm> = {}
  const read = (field: keyof SettingsForm, parse: (text: string) => number): number => {
    try {
      return parse(form[field].trim())
    } catch (error) {
      errors[field] = messageOf(error)
      return 0
    }
  }
  const settings = {
    temperature: read('temperature', temperatureOf),
    seed: read('seed', (text) => wholeOf(text, 0, largestSeed)),
    length: read('length', (text) => wholeOf(text, 1, mostTokens)),
  }
  return Object.keys(errors).length > 0 ? { errors } : { settings }
}

function temperatureOf(text: string): number {
  const value = /^\d{1,2}(\.\d{0,4})?$/.test(text) ? Number(text) : Number.NaN
  if (!(value <= 5)) throw new LegacyError(`“${text}” is not a temperature: a number from 0 to 5.`)
  return value
}

function wholeOf(text: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most))
    throw new LegacyError(`“${text}” is not a whole number from ${least} to ${most}.`)
  return value
}

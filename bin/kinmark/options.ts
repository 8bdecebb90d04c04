import { LegacyError } from '../../lib/error'
import {
  defaultTargetProbabilities,
  type TargetProbabilities,
} from '../../lib/fingerprint/targets/target-probabilities'

export const options = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  keys: { type: 'string' },
  high: { type: 'string' },
  low: { type: 'string' },
  layers: { type: 'string' },
  secret: { type: 'string' },
  seed: { type: 'string' },
  held: { type: 'string' },
  prep: { type: 'string' },
  copy: { type: 'string' },
  out: { type: 'string' },
  delta: { type: 'boolean' },
  base: { type: 'string' },
  model: { type: 'string' },
} as const

export type Values = {
  [K in keyof typeof options]?: (typeof options)[K]['type'] extends 'boolean' ? boolean : string
}

/** What a command answers: in words, in JSON, and as an exit status. */
export type Answer = { text: string; json: unknown; yes: boolean }

type Text = 'prep' | 'copy' | 'out' | 'base'

export function required(values: Values, name: Text): string {
  const value = values[name]
  if (value === undefined || value === '') throw new LegacyError(`--${name} is missing; see “kinmark --help”.`)
  return value
}

export function numberOf(values: Values, name: 'keys' | 'high' | 'low'): number | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new LegacyError(`--${name} takes a number above 0; “${text}” is none.`)
  return value
}

export function layersOf({ layers }: Values): number[] | undefined {
  if (layers === undefined) return undefined
  if (!/^\d+(,\d+)*$/.test(layers)) throw new LegacyError(`--layers takes numbers such as 1,2,3; “${layers}” is none.`)
  return layers.split(',').map(Number)
}

/** The target probabilities that `--high` and `--low` give; the defaults where they are absent. */
export function targetProbabilitiesFrom(values: Values): TargetProbabilities {
  const high = numberOf(values, 'high') ?? defaultTargetProbabilities.high
  const low = numberOf(values, 'low') ?? defaultTargetProbabilities.low
  if (!(low >= 0.5 && high >= low && high < 1))
    throw new LegacyError(`--low must be at least 0.5, and --high between --low and 1; they are ${low} and ${high}.`)
  return { high, low }
}

/** 32 bytes in hex. */
export function bytes32(text: string, what: string): Uint8Array {
  const hex = text.trim().replace(/^0x/, '')
  if (!/^[0-9a-fA-F]{64}$/.test(hex))
    throw new LegacyError(`${what} is 32 bytes in hex, 64 digits; this one has ${hex.length} characters.`)
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}

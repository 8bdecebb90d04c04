import { KinmarkError } from '../../lib/error'
import { parseUsdc } from '../../lib/format/parse-usdc'
import type { Step } from './progress-line'
import type { Ask } from './terminal'

export const options = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  keys: { type: 'string' },
  layers: { type: 'string' },
  secret: { type: 'string' },
  seed: { type: 'string' },
  held: { type: 'string' },
  prep: { type: 'string' },
  copy: { type: 'string' },
  out: { type: 'string' },
  delta: { type: 'boolean' },
  base: { type: 'string' },
  'fine-tune': { type: 'string' },
  model: { type: 'string' },
  answers: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  parallel: { type: 'string' },
  queue: { type: 'string' },
  'api-key': { type: 'string' },
  rpc: { type: 'string' },
  deployment: { type: 'string' },
  data: { type: 'string' },
  upstream: { type: 'string' },
  'upstream-key': { type: 'string' },
  url: { type: 'string' },
  price: { type: 'string' },
  precision: { type: 'string' },
  format: { type: 'string' },
  cap: { type: 'string' },
  free: { type: 'boolean' },
  name: { type: 'string' },
  budget: { type: 'string' },
  expires: { type: 'string' },
  'per-minute': { type: 'string' },
  disclosed: { type: 'string' },
  database: { type: 'string' },
  'x402-least': { type: 'string' },
  'no-x402': { type: 'boolean' },
  'owner-key': { type: 'string' },
  to: { type: 'string' },
  user: { type: 'string' },
  'user-key': { type: 'string' },
  reserve: { type: 'string' },
  site: { type: 'string' },
  'key-file': { type: 'string' },
  family: { type: 'string' },
  licence: { type: 'string' },
  task: { type: 'string' },
  sort: { type: 'string' },
  limit: { type: 'string' },
  repair: { type: 'boolean' },
  max: { type: 'string' },
  scopes: { type: 'string' },
  minutes: { type: 'string' },
  collateral: { type: 'string' },
  fee: { type: 'string' },
  royalty: { type: 'string' },
  floor: { type: 'string' },
  leak: { type: 'string' },
  parents: { type: 'string' },
  'no-derive': { type: 'boolean' },
  'holders-derive': { type: 'boolean' },
  'no-commercial': { type: 'boolean' },
  playground: { type: 'boolean' },
} as const

export type OptionName = keyof typeof options

export type Values = {
  [K in keyof typeof options]?: (typeof options)[K]['type'] extends 'boolean' ? boolean : string
}

/** What a command gets beside its arguments. */
export type CommandOptions = {
  onProgress(step: Step): void
  say(line: string): void
  ask?: Ask
  signal?: AbortSignal
}

/** A command’s result as text and as JSON; `yes` is exit status 0, else 1. */
export type CommandResult = { text: string; json: unknown; yes: boolean }

type Text = 'price' | 'collateral' | 'prep' | 'copy' | 'out' | 'base' | 'upstream' | 'to'

export function required(values: Values, name: Text): string {
  const value = values[name]
  if (value === undefined || value === '') throw new KinmarkError('cli.option-missing', { option: name })
  return value
}

/** A positive number. */
export function numberOf(values: Values, name: 'keys'): number | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new KinmarkError('cli.number-invalid', { option: name, value: text })
  return value
}

type Amount = 'price' | 'reserve' | 'max' | 'collateral' | 'fee' | 'x402-least' | 'budget'

/** An amount of USDC in decimals, such as 2.50, as USDC of 6 decimals. */
export function usdcOf(values: Values, name: Amount): bigint | undefined {
  const text = values[name]
  return text === undefined ? undefined : parseUsdc(text)
}

/** An http or https address. */
export function urlOf(values: Values, name: 'upstream' | 'to' | 'url' | 'site'): URL | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new KinmarkError('gateway.url-invalid', { option: name, value: text })
  return url
}

/** A whole number within these limits. */
export function integerOf(
  values: Values,
  name: 'port' | 'parallel' | 'queue' | 'limit' | 'minutes' | 'per-minute' | 'answers',
  { least, most }: { least: number; most: number },
): number | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most))
    throw new KinmarkError('cli.integer-invalid', { option: name, value: text, least, most })
  return value
}

export function layersOf({ layers }: Values): number[] | undefined {
  if (layers === undefined) return undefined
  if (!/^\d+(,\d+)*$/.test(layers)) throw new KinmarkError('cli.layers-invalid', { value: layers })
  return layers.split(',').map(Number)
}

/** Parses 32 bytes in hex, with or without “0x”. `source` is the option or file for the error. */
export function bytes32(text: string, source: string): Uint8Array {
  const hex = text.trim().replace(/^0x/, '')
  if (!/^[0-9a-fA-F]{64}$/.test(hex)) throw new KinmarkError('cli.bytes32-invalid', { source, characters: hex.length })
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}

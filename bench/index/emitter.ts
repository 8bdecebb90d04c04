import { type Address, concatHex, type Hex, numberToHex, pad, size, toHex } from 'viem'
import type { RawLog } from '../../lib/indexer/decode'

type Part = string | { label: string } | { to: string }

const topic = (dup: number, at: number): Part[] => [byte(0x7f + dup), '60', byte(0x20 * at), '01', '35']
const byte = (value: number) => value.toString(16).padStart(2, '0')

/** Emits a log with `count` topics. Stack: place of the record, length of its data. */
function emit(count: number): Part[] {
  const topics = Array.from({ length: count }, (_, i) => topic(2 + i, count - i)).flat()
  return [
    { label: `log ${count}` },
    '50',
    ...topics,
    byte(0x80 + count),
    '60',
    '00',
    byte(0xa0 + count),
    { to: 'next' },
    '56',
  ]
}

/** A contract that emits the logs in its call data: for each, six words (number of topics, four topics, length) and the data. */
const parts: Part[] = [
  ...['60', '00', { label: 'record' }, '36', '81', '10', { to: 'read' }, '57', '00'],
  ...[{ label: 'read' }, '80', '60', 'a0', '01', '35', '80', '82', '60', 'c0', '01', '60', '00', '37', '81', '35'],
  ...[1, 2, 3, 4].flatMap((count): Part[] => ['80', '60', byte(count), '14', { to: `log ${count}` }, '57']),
  ...['00', ...[1, 2, 3, 4].flatMap(emit)],
  ...[{ label: 'next' }, '01', '60', 'c0', '01', { to: 'record' }, '56'],
]

/** Code for `anvil_setCode`. */
export const emitterCode: Hex = assemble(parts)

/** Labels become JUMPDEST, jumps to them PUSH1 of their place. */
function assemble(code: Part[]): Hex {
  const width = (part: Part) => (typeof part === 'object' && 'to' in part ? 2 : 1)
  const places = new Map<string, number>()
  let at = 0
  for (const part of code) {
    if (typeof part === 'object' && 'label' in part) places.set(part.label, at)
    at += width(part)
  }
  const bytes = code.map((part) => {
    if (typeof part === 'string') return part
    return 'label' in part ? '5b' : `60${byte(places.get(part.to) ?? 0)}`
  })
  return `0x${bytes.join('')}`
}

/** The call data that makes a contract with `emitterCode` emit these logs. */
export function emitting(logs: Pick<RawLog, 'topics' | 'data'>[]): Hex {
  return concatHex(
    logs.flatMap(({ topics, data }) => [
      numberToHex(topics.length, { size: 32 }),
      ...Array.from({ length: 4 }, (_, i) => topics[i] ?? pad('0x', { size: 32 })),
      numberToHex(size(data), { size: 32 }),
      data,
    ]),
  )
}

/** A made-up address. */
export const addressOf = (name: string, id: number): Address => pad(toHex(`${name} ${id}`), { size: 20 })

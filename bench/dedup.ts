import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { formatBytes } from '../lib/format/sizes'
import { chunksOf } from './dedup/chunks'

/**
 * Measures how many bytes a version or a copy adds to a store that has the first folder already: by whole files, by whole tensors (as
 * copies are stored), and by content-defined chunks of 64 KiB. Each way names what it has by its hash.
 */

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
})
const file = 'model.safetensors'
const ways = { 'whole files': whole, 'whole tensors': tensors, 'chunks of 64 KiB': chunksOf }
type Way = keyof typeof ways
/** The bytes and pieces that a store has to take in, since it did not have them. */
type Added = { bytes: number; pieces: number }

if (values.help || positionals.length < 2) console.log('npm run bench:dedup -- FOLDER OTHER… [--json]')
else compare(positionals)

function compare([base, ...others]: string[]): void {
  const rows = others.map((folder) => ({ folder, bytes: readFileSync(join(folder, file)) }))
  const stored = Object.fromEntries(
    Object.entries(ways).map(([way, split]) => {
      const known = new Set(split(readFileSync(join(base, file))).map(hashOf))
      return [way, rows.map(({ bytes }) => added(split(bytes), known))]
    }),
  ) as Record<Way, Added[]>
  if (values.json) {
    console.log(
      JSON.stringify(
        rows.map(({ folder, bytes }, i) => ({ folder, bytes: bytes.length, ...at(stored, i) })),
        null,
        2,
      ),
    )
    return
  }
  console.log(
    `| after ${base} | size | ${Object.keys(ways).join(' | ')} |\n|---|---|${'---|'.repeat(Object.keys(ways).length)}`,
  )
  for (const [i, { folder, bytes }] of rows.entries()) {
    const cells = Object.values(at(stored, i)).map(
      (one) => `${formatBytes(one.bytes)} (${((100 * one.bytes) / bytes.length).toFixed(1)} %)`,
    )
    console.log(`| ${folder} | ${formatBytes(bytes.length)} | ${cells.join(' | ')} |`)
  }
}

/** For one folder, the bytes and pieces that each way adds. */
function at(stored: Record<Way, Added[]>, i: number): Record<string, Added> {
  return Object.fromEntries(Object.entries(stored).map(([way, all]) => [way, all[i]]))
}

/** Pieces that the store does not have. They are in it afterwards. */
function added(pieces: Uint8Array[], known: Set<string>): Added {
  const fresh = pieces.filter((piece) => {
    const hash = hashOf(piece)
    if (known.has(hash)) return false
    known.add(hash)
    return true
  })
  return { bytes: fresh.reduce((sum, { length }) => sum + length, 0), pieces: fresh.length }
}

function whole(bytes: Uint8Array): Uint8Array[] {
  return [bytes]
}

/** The header, and each tensor: a safetensors file is its header’s length (8 bytes), the header, and the tensors. */
function tensors(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = 8 + Number(view.getBigUint64(0, true))
  const header: Record<string, { data_offsets: [number, number] }> = JSON.parse(
    Buffer.from(bytes.subarray(8, start)).toString(),
  )
  const offsets = Object.entries(header).flatMap(([name, { data_offsets }]) =>
    name === '__metadata__' ? [] : [data_offsets],
  )
  return [bytes.subarray(0, start), ...offsets.map(([from, to]) => bytes.subarray(start + from, start + to))]
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

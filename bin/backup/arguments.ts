import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Blobs } from '../../lib/storage/blobs'
import { diskBlobs } from '../../lib/storage/disk-blobs'
import { passphraseOf } from './passphrase'

/** The arguments of `npm run backup` and `npm run restore`; null where the help was printed instead. */
export function readArguments(help: string): { folder: string; blobs: Blobs | undefined; passphrase: string } | null {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      blobs: { type: 'string' },
      'passphrase-file': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const [folder] = positionals
  if (values.help || positionals.length !== 1) {
    console.log(help)
    process.exitCode = values.help ? 0 : 1
    return null
  }
  return {
    folder: resolve(folder),
    blobs: values.blobs === undefined ? undefined : diskBlobs(resolve(values.blobs)),
    passphrase: passphraseOf(values['passphrase-file']),
  }
}

import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { backUp } from '../lib/backup/backup'
import { openDatabase } from '../lib/db/open'
import { readEnv } from '../lib/env'
import { messageOf } from '../lib/error'
import { formatBytes } from '../lib/format/sizes'
import { masterKey } from '../lib/sealing/master-key'
import { diskBlobs } from '../lib/storage/disk-blobs'
import { openBlobs } from '../lib/storage/open-storage'
import { keyVariables, passphraseOf, passphraseVariable } from './backup/passphrase'

const help = `npm run backup -- DIR [--blobs DIR] [--passphrase-file FILE]

Writes the database, the keys and the contracts' addresses into the new folder DIR. On Postgres, Kinmark may run meanwhile;
the embedded database belongs to one process, so stop Kinmark first.

  --blobs             copies the files of models and copies into this folder too, those that it does not have yet;
                      without it, the backup names them and the bucket or the folder keeps them
  --passphrase-file   the passphrase that seals the keys; without it, ${passphraseVariable}`

async function main(): Promise<void> {
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
    return
  }
  const passphrase = passphraseOf(values['passphrase-file'])
  const env = readEnv()
  const master = Buffer.from(masterKey(join(env.data, 'master-key'), env.masterKey)).toString('hex')
  const { db, close } = await openDatabase({ folder: join(env.data, 'db'), url: env.databaseUrl })
  try {
    const { manifest, missing } = await backUp(
      resolve(folder),
      {
        db,
        blobs: await openBlobs(env),
        keys: { master, variables: keyVariables() },
        passphrase,
        deploymentFile: env.deploymentFile,
      },
      values.blobs === undefined ? undefined : diskBlobs(resolve(values.blobs)),
    )
    const rows = Object.values(manifest.tables).reduce((sum, table) => sum + table.rows, 0)
    const bytes = manifest.blobs.reduce((sum, { size }) => sum + size, 0)
    console.log(
      `${resolve(folder)} has ${rows} rows and names ${manifest.blobs.length} files of ${formatBytes(bytes)} together.`,
    )
    for (const sha256 of missing) console.error(`The store does not have ${sha256}, which the database names.`)
    if (missing.length > 0) process.exitCode = 2
  } finally {
    await close()
  }
}

main().catch((error) => {
  console.error(messageOf(error))
  process.exitCode = 1
})

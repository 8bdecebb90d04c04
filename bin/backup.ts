import { join } from 'node:path'
import { backUp } from '../lib/backup/backup'
import { openDatabase } from '../lib/db/open'
import { readEnv } from '../lib/env'
import { messageOf } from '../lib/error'
import { formatBytes } from '../lib/format/sizes'
import { masterKey } from '../lib/sealing/master-key'
import { openBlobs } from '../lib/storage/open-storage'
import { readArguments } from './backup/arguments'
import { keyVariables, passphraseVariable } from './backup/passphrase'

const help = `npm run backup -- DIR [--blobs DIR] [--passphrase-file FILE]

Writes the database, the keys and the contracts' addresses into the new folder DIR. On Postgres, Kinmark may run meanwhile;
the embedded database belongs to one process, so stop Kinmark first.

  --blobs             copies the files of models and copies into this folder too, those that it does not have yet;
                      without it, the backup names them and the bucket or the folder keeps them
  --passphrase-file   the passphrase that seals the keys; without it, ${passphraseVariable}`

async function main(): Promise<void> {
  const given = readArguments(help)
  if (!given) return
  const { folder, blobs, passphrase } = given
  const env = readEnv()
  const master = Buffer.from(masterKey(join(env.data, 'master-key'), env.masterKey)).toString('hex')
  const { db, close } = await openDatabase({ folder: join(env.data, 'db'), url: env.databaseUrl })
  try {
    const { manifest, missing } = await backUp(
      folder,
      {
        db,
        blobs: await openBlobs(env),
        keys: { master, variables: keyVariables() },
        passphrase,
        deploymentFile: env.deploymentFile,
      },
      blobs,
    )
    const rows = Object.values(manifest.tables).reduce((sum, table) => sum + table.rows, 0)
    const bytes = manifest.blobs.reduce((sum, { size }) => sum + size, 0)
    console.log(
      `${folder} has ${rows} rows and names ${manifest.blobs.length} files of ${formatBytes(bytes)} together.`,
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

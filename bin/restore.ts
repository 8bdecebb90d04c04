import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { restore } from '../lib/backup/restore'
import { openDatabase } from '../lib/db/open'
import { readEnv } from '../lib/env'
import { messageOf } from '../lib/error'
import { openBlobs } from '../lib/storage/open-storage'
import { readArguments } from './backup/arguments'
import { passphraseVariable } from './backup/passphrase'

const help = `npm run restore -- DIR [--blobs DIR] [--passphrase-file FILE]

Restores the backup in DIR into an empty place: the database and the data folder that the environment names.

  --blobs             copies the files of models and copies from this folder; without it, they must be in the store already
  --passphrase-file   the passphrase that sealed the keys; without it, ${passphraseVariable}`

async function main(): Promise<void> {
  const given = readArguments(help)
  if (!given) return
  const { folder, blobs, passphrase } = given
  const env = readEnv()
  mkdirSync(env.data, { recursive: true })
  const { db, close } = await openDatabase({ folder: join(env.data, 'db'), url: env.databaseUrl })
  try {
    const masterKeyFile = env.masterKey ? null : join(env.data, 'master-key')
    const { manifest, keys, missing } = await restore(
      folder,
      { db, blobs: await openBlobs(env), passphrase, masterKeyFile, deploymentFile: env.deploymentFile },
      blobs,
    )
    writeFileSync(join(env.data, '.kinmark'), 'This folder belongs to Kinmark.\n')
    console.log(`The backup of ${manifest.at} is restored.`)
    const variables = Object.entries(keys.variables)
    if (variables.length > 0) {
      const file = join(env.data, 'restored-keys.env')
      writeFileSync(file, variables.map(([name, value]) => `${name}=${value}\n`).join(''), { mode: 0o600, flag: 'wx' })
      console.log(`Keys of the environment are in ${file}: move them to where yours are, and delete it.`)
    }
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

import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { restore } from '../lib/backup/restore'
import { openDatabase } from '../lib/db/open'
import { readEnv } from '../lib/env'
import { messageOf } from '../lib/error'
import { diskBlobs } from '../lib/storage/disk-blobs'
import { openBlobs } from '../lib/storage/open-storage'
import { passphraseOf, passphraseVariable } from './backup/passphrase'

const help = `npm run restore -- DIR [--blobs DIR] [--passphrase-file FILE]

Restores the backup in DIR into an empty place: the database and the data folder that the environment names.

  --blobs             copies the files of models and copies from this folder; without it, they must be in the store already
  --passphrase-file   the passphrase that sealed the keys; without it, ${passphraseVariable}`

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
  mkdirSync(env.data, { recursive: true })
  const { db, close } = await openDatabase({ folder: join(env.data, 'db'), url: env.databaseUrl })
  try {
    const masterKeyFile = env.masterKey ? null : join(env.data, 'master-key')
    const { manifest, keys, missing } = await restore(
      resolve(folder),
      { db, blobs: await openBlobs(env), passphrase, masterKeyFile, deploymentFile: env.deploymentFile },
      values.blobs === undefined ? undefined : diskBlobs(resolve(values.blobs)),
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

import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KinmarkError } from '../../lib/error'
import { decodePreparation, encodePreparation, type Preparation } from '../../lib/fingerprint/format/preparation'
import type { MintedCopy } from '../../lib/fingerprint/keyset/minted-copy'
import { writeAtomically } from '../../lib/storage/write-atomically'
import { bytes32 } from './options'

const file = 'preparation.kmfp'
const secretFile = 'secret'
const copiesFolder = 'copies'
const userOnly = 0o600

/** Writes a preparation for the user alone. */
export async function writePrep(folder: string, preparation: Preparation): Promise<void> {
  await openFolder(folder)
  await writeAtomically(join(folder, file), (temporary) =>
    writeFile(temporary, encodePreparation(preparation), { mode: userOnly }),
  )
}

/** The secret of a preparation that was begun in this folder; else a new one, which is written for the user alone. */
export async function ownSecret(folder: string): Promise<Uint8Array> {
  const path = join(folder, secretFile)
  const found = await readFile(path, 'utf8').catch(() => null)
  if (found !== null) return bytes32(found, path)
  const secret = Uint8Array.from(randomBytes(32))
  await openFolder(folder)
  await writeAtomically(path, (temporary) => writeFile(temporary, `${hex(secret)}\n`, { mode: userOnly }))
  return secret
}

async function openFolder(folder: string): Promise<void> {
  await mkdir(join(folder, copiesFolder), { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
}

export async function assertNoPrep(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => [])
  if (names.includes(file)) throw new KinmarkError('cli.preparation-exists', { folder })
}

export async function readPrep(folder: string): Promise<Preparation> {
  const bytes = await readFile(join(folder, file)).catch((cause) => {
    throw new KinmarkError('cli.preparation-missing', { folder, file }, { cause })
  })
  return decodePreparation(bytes)
}

/** The copies minted under this preparation. Each has a file of its own, so that concurrent mints lose nothing. */
export async function readCopies(folder: string): Promise<MintedCopy[]> {
  const names = await readdir(join(folder, copiesFolder)).catch((): string[] => [])
  const files = names.filter((name) => name.endsWith('.json')).sort()
  return Promise.all(
    files.map(async (name) => {
      const { copyId, buyerSeed } = JSON.parse(await readFile(join(folder, copiesFolder, name), 'utf8'))
      return { copyId, buyerSeed: bytes32(buyerSeed, name) }
    }),
  )
}

export async function recordCopy(folder: string, { copyId, buyerSeed }: MintedCopy): Promise<void> {
  const record = JSON.stringify({ copyId, buyerSeed: hex(buyerSeed) })
  await mkdir(join(folder, copiesFolder), { recursive: true, mode: 0o700 })
  await writeFile(join(folder, copiesFolder, `${copyId}.json`), `${record}\n`, { mode: userOnly })
}

/** Throws `cli.copy-id-invalid` unless the id can be the name of the copy’s record. */
export function assertCopyId(copyId: string): void {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/.test(copyId)) throw new KinmarkError('cli.copy-id-invalid', { copyId })
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

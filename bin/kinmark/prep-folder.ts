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

/** Writes a preparation for the user alone. `withSecret` also writes the secret, where it was not given as a file. */
export async function writePrep(folder: string, preparation: Preparation, withSecret: boolean): Promise<void> {
  await mkdir(join(folder, copiesFolder), { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  if (withSecret) await writeFile(join(folder, secretFile), `${hex(preparation.secret)}\n`, { mode: userOnly })
  await writeAtomically(join(folder, file), (temporary) =>
    writeFile(temporary, encodePreparation(preparation), { mode: userOnly }),
  )
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

import type { StorageErrors } from '../../lib/errors/storage'
import type { Messages } from '../messages'

export const storage: Messages<StorageErrors> = {
  'storage.backup-invalid': ({ folder, file }) => `${folder} is not a whole backup: ${file} is missing or was changed.`,
  'storage.backup-release': ({ backup, here }) =>
    `The backup was made by ${backup > here ? 'a newer' : 'an older'} release of Kinmark. Restore it with that release, then ${backup > here ? 'update this one' : 'start this one, which migrates it'}.`,
  'storage.blob-differs': ({ expected, found }) =>
    found.size === expected.size
      ? `The bytes have the hash ${found.sha256}; ${expected.sha256} was announced.`
      : `${found.size} bytes arrived; ${expected.size} were announced.`,
  'storage.bucket-unusable': ({ bucket, status }) =>
    status === 404
      ? `There is no bucket “${bucket}”: look at KINMARK_S3_BUCKET and KINMARK_S3_ENDPOINT, or create it.`
      : `The store refuses the bucket “${bucket}” (status ${status}): look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and KINMARK_S3_REGION.`,
  'storage.in-use': ({ path, pid }) => `${path} is in use by process ${pid}: stop that process first.`,
  'storage.master-key-length': ({ source, length }) =>
    `The master key in ${source} must be 64 hex digits; it has ${length} characters.`,
  'storage.passphrase-missing': ({ variable }) =>
    `Set ${variable} to the passphrase that seals the keys of the backup, or name a file with --passphrase-file.`,
  'storage.passphrase-short': ({ shortest }) => `The passphrase must have at least ${shortest} characters.`,
  'storage.restore-not-empty': ({ what }) =>
    `There is data here already (${what}): a backup is restored into an empty place.`,
  'storage.sha256-invalid': ({ text }) => `“${text.slice(0, 80)}” is not a SHA-256 in hex: 64 lowercase hex digits.`,
  'storage.text-too-long': ({ limit }) => `A metadata file may have at most ${limit} bytes; this one has more.`,
  'storage.unseal-failed': ({ name }) =>
    `The sealed “${name}” cannot be opened: it was changed, or sealed with another key or passphrase.`,
  'storage.upload-unknown': ({ upload }) => `There is no upload “${upload.slice(0, 80)}”.`,
}

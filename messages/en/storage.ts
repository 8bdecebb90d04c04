import type { StorageErrors } from '../../lib/errors/storage'
import type { Messages } from '../messages'

export const storage: Messages<StorageErrors> = {
  'storage.in-use': ({ path, pid }) => `${path} is in use by process ${pid}: stop that process first.`,
  'storage.master-key-length': ({ source, length }) =>
    `The master key in ${source} must be 64 hex digits; it has ${length} characters.`,
  'storage.sha256-invalid': ({ text }) => `“${text.slice(0, 80)}” is not a SHA-256 in hex: 64 lowercase hex digits.`,
  'storage.text-too-long': ({ limit }) => `A metadata file may have at most ${limit} bytes; this one has more.`,
  'storage.unseal-failed': ({ name }) =>
    `The sealed “${name}” cannot be opened: it was changed, or sealed with another master key.`,
}

import type { StorageErrors } from '../../lib/errors/storage'
import type { Messages } from '../messages'

export const storage: Messages<StorageErrors> = {
  'storage.sha256-invalid': ({ text }) => `“${text.slice(0, 80)}” is not a SHA-256 in hex: 64 lowercase hex digits.`,
}

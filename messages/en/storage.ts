import type { StorageErrors } from '../../lib/errors/storage'
import type { Messages } from '../messages'

export const storage: Messages<StorageErrors> = {}

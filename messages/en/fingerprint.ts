import type { FingerprintErrors } from '../../lib/errors/fingerprint'
import type { Messages } from '../messages'

export const fingerprint: Messages<FingerprintErrors> = {}

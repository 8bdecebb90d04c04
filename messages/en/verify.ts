import type { VerifyErrors } from '../../lib/errors/verify'
import type { Messages } from '../messages'

export const verify: Messages<VerifyErrors> = {
  'verify.proofs-invalid': ({ copyId, fingerprintRoot }) =>
    `The disclosed keys of copy ${copyId} do not match its fingerprint root ${fingerprintRoot}. Do not rely on them: report this to the market’s operator.`,
}

import { decodePreparation, encodePreparation, type Preparation } from '../fingerprint/format/preparation'
import { seal, unseal } from '../sealing/seal'

const name = 'preparation'

/** The preparation that all copies of a version share, sealed with the version's secret. */
export function sealPreparation(secret: Uint8Array, preparation: Preparation): Uint8Array {
  return seal(secret, name, encodePreparation(preparation))
}

export function unsealPreparation(secret: Uint8Array, sealed: Uint8Array): Preparation {
  return decodePreparation(new Uint8Array(unseal(secret, name, sealed)))
}

import type { Preparation } from '../format/preparation'
import { type KeySetEntry, keySetEntries } from './key-set-entry'

/**
 * With this a model's owner asks any suspect. It holds no copy's bits and nothing that they derive from, so its owner can
 * neither build a model that answers like a buyer's copy nor name one: the minting side judges the votes. JSON-safe, and
 * secret, because a host that knows the keys can treat them specially.
 */
export type OwnerKeySet = { kind: 'owner'; keys: KeySetEntry[] }

export function ownerKeySet(preparation: Pick<Preparation, 'keys'>): OwnerKeySet {
  return { kind: 'owner', keys: keySetEntries(preparation) }
}

import type { DisclosedKeySet } from './disclosed-key-set'
import type { OwnerKeySet } from './owner-key-set'

export type KeySet = OwnerKeySet | DisclosedKeySet

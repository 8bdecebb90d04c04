import { parseCopyId, parseModelId } from '@/lib/chain/ids'
import { relations } from '@/lib/chain/states'
import { defaultTerms, maxParents, type ParentPick, type TermsForm } from './terms-form'

/** Whether a value from local storage is a form of this version: every field is there and has its type. */
export function isTermsForm(value: unknown): value is TermsForm {
  if (!isRecord(value)) return false
  return Object.entries(defaultTerms).every(([field, usual]) => typeof value[field] === typeof usual)
}

export function isParentPicks(value: unknown): value is ParentPick[] {
  return Array.isArray(value) && value.length <= maxParents && value.every(isPick)
}

function isPick(value: unknown): boolean {
  if (!isRecord(value) || typeof value.id !== 'string' || parseModelId(value.id) === null) return false
  const { copyId, relation } = value
  const knownCopy = copyId === null || (typeof copyId === 'string' && parseCopyId(copyId) !== null)
  return knownCopy && relations.some((known) => known === relation)
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

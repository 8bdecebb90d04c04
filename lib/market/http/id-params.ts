import 'server-only'
import type { CaseId } from '../../chain/case'
import { type CopyId, type ModelId, parseCopyId, parseModelId } from '../../chain/ids'
import { HttpError } from './http-error'

/** The model that a URL names. Throws `market.model-unknown` where it is not even an id. */
export function modelIdParam(text: string): ModelId {
  const id = parseModelId(text)
  if (!id) throw new HttpError(404, 'market.model-unknown', { model: text.slice(0, 80) })
  return id
}

/** The case that a URL names. Throws `market.case-unknown` where it is not even a number. */
export function caseIdParam(text: string): CaseId {
  if (!/^[1-9]\d{0,15}$/.test(text)) throw new HttpError(404, 'market.case-unknown', { case: text.slice(0, 80) })
  return text
}

/** The copy that a URL names. Throws `market.copy-unknown` where it is not even an id. */
export function copyIdParam(text: string): CopyId {
  const id = parseCopyId(text)
  if (!id) throw new HttpError(404, 'market.copy-unknown', { copy: text.slice(0, 80) })
  return id
}

/** The deployment that a URL names. Throws `market.host-unknown` where it is not even a number. */
export function deploymentParams({ copy, number }: { copy: string; number: string }): {
  copyId: CopyId
  number: number
} {
  const copyId = parseCopyId(copy)
  if (!copyId || !/^[1-9]\d{0,8}$/.test(number))
    throw new HttpError(404, 'market.host-unknown', { copy: copy.slice(0, 80), number: number.slice(0, 80) })
  return { copyId, number: Number(number) }
}

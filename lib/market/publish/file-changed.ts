import 'server-only'
import { HttpError } from '../http/http-error'

/** The error for a file whose bytes have another SHA-256 than its draft announced. */
export function fileChanged(path: string, announced: string, found: string) {
  return new HttpError(409, 'market.file-changed', { path, announced, found })
}

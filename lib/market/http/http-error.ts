import 'server-only'
import { type ErrorCode, type Given, KinmarkError } from '../../error'

/** An error that answers a request with this HTTP status. */
export class HttpError<Code extends ErrorCode = ErrorCode> extends KinmarkError<Code> {
  override readonly name = 'HttpError'
  readonly status: number

  constructor(status: number, code: Code, ...given: Given<Code>) {
    super(code, ...given)
    this.status = status
  }
}

import { LegacyError } from '../../error'

/** A request that is turned down: a sentence with an HTTP status. */
export class HttpError extends LegacyError {
  override readonly name = 'Refusal'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

import { KinmarkError } from '../../error'

/** A request that is turned down: a sentence with an HTTP status. */
export class HttpError extends KinmarkError {
  override readonly name = 'Refusal'
  readonly status: number

  constructor(status: number, shortMessage: string) {
    super(shortMessage)
    this.status = status
  }
}

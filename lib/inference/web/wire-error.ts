import { errorFrom, KinmarkError, messageOf } from '../../error'

/** An error as the worker posts it. The facts survive structured cloning; the sentence is made again from them. */
export type WireError = { code: string; facts: unknown }

/** An error that is not ours, such as one of onnxruntime, becomes `inference.worker-failed` with its message. */
export function toWire(error: unknown): WireError {
  const { code, facts } =
    error instanceof KinmarkError ? error : new KinmarkError('inference.worker-failed', { reason: messageOf(error) })
  return { code, facts }
}

export function fromWire({ code, facts }: WireError): KinmarkError {
  return errorFrom(code, facts) ?? new KinmarkError('inference.worker-failed', { reason: code })
}

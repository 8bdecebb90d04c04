import type { WireError } from '../wire-error'
import type { Json } from './format'

/** An error in the shape of OpenAI’s API. */
export function openaiError({ message, type, code }: WireError): Json {
  return { error: { message, type, param: null, code } }
}

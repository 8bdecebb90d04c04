import type { ComponentProps } from 'react'
import { Field } from './field'

/** Evidence points to what it shows. More would cost the sender a fortune in fees, and no node takes a whole book. */
const maxBytes = 256

/** Whether a text may go to the chain. */
export const fitsChain = (text: string) => new TextEncoder().encode(text).length <= maxBytes

/** A text that stands on the chain for good. */
export function EvidenceField({ value, ...props }: ComponentProps<typeof Field> & { value: string }) {
  return <Field value={value} error={fitsChain(value) ? undefined : `At most ${maxBytes} bytes.`} {...props} />
}

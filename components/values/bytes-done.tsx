import { Figure } from './figure'

/** So many bytes of so many. */
export type BytesDone = { bytes: number; of: number }

export function BytesDone({ bytes, of }: BytesDone) {
  return (
    <>
      <Figure bytes={bytes} /> of <Figure bytes={of} />
    </>
  )
}

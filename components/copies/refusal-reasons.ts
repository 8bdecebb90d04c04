import type { RefusalReason } from '@/lib/chain/states'

/** The public facts that a delivery can fail. */
export const reasonTexts: Record<RefusalReason, { short: string; long: string }> = {
  missing: {
    short: 'the sealed files are missing or do not open',
    long: 'Nothing with the delivery’s hash is at its address, or its key does not open it.',
  },
  files: {
    short: 'the files do not have the artifact root',
    long: 'The downloaded files do not match the artifact root on the chain.',
  },
  tensors: {
    short: 'unedited tensors differ from the model’s',
    long: 'Tensors that the quality report does not list as edited differ from the model’s.',
  },
  keys: {
    short: 'the disclosed keys do not have the fingerprint root',
    long: 'The disclosed keys do not match the fingerprint root on the chain.',
  },
  answers: {
    short: 'the weights do not answer the disclosed keys',
    long: 'The weights do not answer the disclosed keys as the fingerprint root says.',
  },
  figures: {
    short: 'the weights do not have the reported quality',
    long: 'The weights do not have the quality that the minter’s signed report claims.',
  },
}

import { z } from 'zod'

const whole = z.number().int().nonnegative()
const share = z.number().min(0).max(1)

/** The minter's measurements before delivery. Shares are 0 to 1, losses nats per token. */
export const qualityReport = z.object({
  /** Reports of the earlier method have no such field. */
  method: z.literal('near ties'),
  keys: whole,
  /** Share of keys at which the answer that this copy's bit selects wins over the other. */
  agreement: share,
  /** The same share, of some 400 keys, with the edited tensors rounded to so many bits in groups of 32. */
  rounded: z.object({ int8: share, int4: share }),
  /** Keys asked in order until this copy is named among ten thousand; null where all of them are not enough. */
  questions: whole.nullable(),
  /** On held-out text: the base's loss, and the copy's minus the base's. */
  baseLoss: z.number(),
  deltaLoss: z.number(),
  /** Mean KL(base ‖ copy) on held-out text. */
  kl: z.number(),
  editedTensors: z.array(z.string()),
  prepareSeconds: z.number(),
  mintSeconds: z.number(),
})

import { z } from 'zod'

const whole = z.number().int().nonnegative()
const share = z.number().min(0).max(1)
const interval = z.tuple([share, share])

/** The minter's measurements before delivery. Shares are 0 to 1, losses nats per token. */
export const qualityReport = z.object({
  /** Reports of the earlier method have no such field. */
  method: z.literal('near ties'),
  keys: whole,
  /** Share of keys at which the answer that this copy's bit selects wins over the other. */
  agreement: share,
  /** The same share with the edited tensors rounded to so many bits in groups of 32. */
  rounded: z.object({ int8: share, int4: share }),
  /**
   * The keys that were asked for these shares, drawn at random, and with rounded weights; the intervals that hold the
   * shares of all keys at a chance of 95 %. Reports without it asked all keys, and some 400 with rounded weights.
   */
  sampled: z.object({ keys: whole, rounded: whole, agreement: interval, int8: interval, int4: interval }).optional(),
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

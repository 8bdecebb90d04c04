import { z } from 'zod'

const whole = z.number().int().nonnegative()

/** One kind of keys: how many there are, and the mean probability of their responses. */
const keyKind = z.object({ keys: whole, chance: z.number() })

/** The minter's measurements before delivery. Shares are 0 to 1, losses nats per token. */
export const qualityReport = z.object({
  keys: whole,
  /** Share of keys whose greedy answer is this copy's response. */
  success: z.number(),
  /** Which key is of which kind is known to the minter only. */
  highConfidence: keyKind,
  lowConfidence: keyKind,
  /** The same share with each text put before the keys, or in the chat template. */
  contexts: z.array(z.object({ name: z.string().max(200), success: z.number() })).max(32),
  /** The same share with the edited tensors rounded to so many bits, in groups of 32. */
  rounded: z.object({ int8: z.number(), int4: z.number() }),
  /** On held-out text: the base's loss, and the copy's minus the base's. */
  baseLoss: z.number(),
  deltaLoss: z.number(),
  /** Mean KL(base ‖ copy) on held-out text. */
  kl: z.number(),
  editedTensors: z.array(z.string()),
  prepareSeconds: z.number(),
  mintSeconds: z.number(),
})

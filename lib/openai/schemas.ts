import { z } from 'zod'

/** Answer of `/v1/completions`, as far as it is read. `top_logprobs` has one record of token → log probability per token. */
export const completion = z.object({
  choices: z
    .array(
      z.object({
        text: z.string(),
        logprobs: z.object({ top_logprobs: z.array(z.record(z.string(), z.number())).nullish() }).nullish(),
      }),
    )
    .min(1),
})

const tokenLogprob = z.object({ token: z.string(), logprob: z.number() })

/** Answer of `/v1/chat/completions`, as far as it is read. `logprobs.content` has one entry per token. */
export const chatCompletion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish() }),
        logprobs: z
          .object({ content: z.array(z.object({ top_logprobs: z.array(tokenLogprob).nullish() })).nullish() })
          .nullish(),
      }),
    )
    .min(1),
})

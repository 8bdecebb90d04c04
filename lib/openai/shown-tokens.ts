import { z } from 'zod'

/** A token that an endpoint wrote, and the log probabilities that it showed there by token, nats, its own among them. */
export type ShownToken = { token: string; top: (readonly [token: string, logprob: number])[] }

const tokenLogprob = z.object({ token: z.string(), logprob: z.number() })

/** `logprobs` of a chat's choice; one entry per token. */
export const shownInChat = z
  .object({ content: z.array(tokenLogprob.extend({ top_logprobs: z.array(tokenLogprob).nullish() })).nullish() })
  .nullish()
  .transform((logprobs) =>
    (logprobs?.content ?? []).map(({ token, logprob, top_logprobs }) =>
      shownToken(
        token,
        logprob,
        (top_logprobs ?? []).map((other) => [other.token, other.logprob]),
      ),
    ),
  )

/** `logprobs` of a completion's choice: lists with one entry per token, null where an endpoint has none. */
export const shownInCompletion = z
  .object({
    tokens: z.array(z.string()).nullish(),
    token_logprobs: z.array(z.number().nullable()).nullish(),
    top_logprobs: z.array(z.record(z.string(), z.number()).nullable()).nullish(),
  })
  .nullish()
  .transform((logprobs) =>
    (logprobs?.tokens ?? []).map((token, i) =>
      shownToken(token, logprobs?.token_logprobs?.[i], Object.entries(logprobs?.top_logprobs?.[i] ?? {})),
    ),
  )

function shownToken(token: string, own: number | null | undefined, top: [string, number][]): ShownToken {
  return { token, top: [...new Map([...(typeof own === 'number' ? [[token, own] as const] : []), ...top])] }
}

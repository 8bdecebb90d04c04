import { z } from 'zod'

/** A token that an endpoint wrote, its log probability, nats, and those of the likeliest tokens there, as far as they are shown. */
export type ShownToken = {
  token: string
  logprob: number | null
  top: (readonly [token: string, logprob: number])[]
}

/** An answer, and the tokens that the endpoint shows log probabilities of, in order; none where it shows none. */
export type Answer = { answer: string; shown: ShownToken[] }

/** Nats; null where a server cannot write −∞. */
const logprob = z.number().nullish()
const tokenLogprob = z.object({ token: z.string().default(''), logprob })

/** `logprobs` of a chat's choice; one entry per token. */
export const chatLogprobs = z
  .object({ content: z.array(tokenLogprob.extend({ top_logprobs: z.array(tokenLogprob).nullish() })).nullish() })
  .nullish()
  .transform((logprobs) =>
    (logprobs?.content ?? []).map(({ token, logprob = null, top_logprobs }): ShownToken => {
      return { token, logprob, top: known((top_logprobs ?? []).map((each) => [each.token, each.logprob])) }
    }),
  )

/** `logprobs` of a completion's choice: lists with one entry per token. Some servers have the last one only. */
const completionLogprobs = z
  .object({
    tokens: z.array(z.string()).nullish(),
    token_logprobs: z.array(logprob).nullish(),
    top_logprobs: z.array(z.record(z.string(), logprob).nullable()).nullish(),
  })
  .nullish()
  .transform((logprobs) => {
    const { tokens, token_logprobs: own, top_logprobs: tops } = logprobs ?? {}
    return (tokens ?? tops ?? []).map((_, i): ShownToken => {
      return { token: tokens?.[i] ?? '', logprob: own?.[i] ?? null, top: known(Object.entries(tops?.[i] ?? {})) }
    })
  })

const firstOf = <T extends z.ZodType>(choice: T) => z.object({ choices: z.tuple([choice], z.unknown()) })

/** Answer of `/v1/completions`, as far as it is read. */
export const completion = firstOf(z.object({ text: z.string(), logprobs: completionLogprobs })).transform(
  ({ choices: [{ text, logprobs }] }): Answer => ({ answer: text, shown: logprobs }),
)

/** Answer of `/v1/chat/completions`, as far as it is read. */
export const chatCompletion = firstOf(
  z.object({ message: z.object({ content: z.string().nullish() }), logprobs: chatLogprobs }),
).transform(({ choices: [{ message, logprobs }] }): Answer => ({ answer: message.content ?? '', shown: logprobs }))

function known(logprobs: [token: string, logprob: number | null | undefined][]): ShownToken['top'] {
  return logprobs.flatMap(([token, logprob]) => (typeof logprob === 'number' ? [[token, logprob] as const] : []))
}

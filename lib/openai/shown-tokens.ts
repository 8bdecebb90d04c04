import { z } from 'zod'

/** A token that an endpoint wrote, and the log probabilities that it showed there by token, nats, its own among them. */
export type ShownToken = { token: string; top: (readonly [token: string, logprob: number])[] }

/** Nats; null where a server cannot write −∞. */
const logprob = z.number().nullish()
const tokenLogprob = z.object({ token: z.string(), logprob })

/** `logprobs` of a chat's choice; one entry per token. */
export const shownInChat = z
  .object({ content: z.array(tokenLogprob.extend({ top_logprobs: z.array(tokenLogprob).nullish() })).nullish() })
  .nullish()
  .transform((logprobs) =>
    (logprobs?.content ?? []).map(({ top_logprobs, ...own }) =>
      shownToken(
        own.token,
        [own, ...(top_logprobs ?? [])].map(({ token, logprob }) => [token, logprob]),
      ),
    ),
  )

/** `logprobs` of a completion's choice: lists with one entry per token, null where an endpoint has none. */
const shownInCompletion = z
  .object({
    tokens: z.array(z.string()).nullish(),
    token_logprobs: z.array(logprob).nullish(),
    top_logprobs: z.array(z.record(z.string(), logprob).nullable()).nullish(),
  })
  .nullish()
  .transform((logprobs) =>
    (logprobs?.tokens ?? []).map((token, i) =>
      shownToken(token, [[token, logprobs?.token_logprobs?.[i]], ...Object.entries(logprobs?.top_logprobs?.[i] ?? {})]),
    ),
  )

const answered = <T extends z.ZodType>(choice: T) => z.object({ choices: z.tuple([choice], z.unknown()) })

/** The response of `/chat/completions` with the whole answer. */
export const writtenInChat = answered(
  z.object({ message: z.object({ content: z.string().nullish() }), logprobs: shownInChat }),
).transform(({ choices: [{ message, logprobs }] }) => ({ answer: message.content ?? '', shown: logprobs }))

/** The response of `/completions` with the whole answer. */
export const writtenInCompletion = answered(z.object({ text: z.string(), logprobs: shownInCompletion })).transform(
  ({ choices: [{ text, logprobs }] }) => ({ answer: text, shown: logprobs }),
)

function shownToken(token: string, top: [string, number | null | undefined][]): ShownToken {
  const known = top.flatMap(([text, logprob]) => (typeof logprob === 'number' ? [[text, logprob] as const] : []))
  return { token, top: [...new Map(known)] }
}

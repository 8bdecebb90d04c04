import { Tip } from '@/components/ui/tip'
import { Figure } from '@/components/values/figure'
import type { ListeningView } from '@/lib/market/read/views'
import { Accused, Verdict } from './verdict'

/** The verdict on recorded answers: which copies of the model wrote them. */
export function HeardPanel({ heard, name }: { heard: NonNullable<ListeningView['heard']>; name: string }) {
  const { texts, tokens, withLogprobs, copies, accused } = heard
  const positive = accused.length > 0
  const title = positive
    ? `A fingerprinted copy of ${name} wrote these answers`
    : `These answers are not shown to be of a fingerprinted copy of ${name}`
  return (
    <Verdict title={title} positive={positive}>
      <p className="max-w-prose text-sm text-muted">
        <Figure count={tokens} /> tokens of <Figure count={texts} /> {texts === 1 ? 'answer' : 'answers'} were read,{' '}
        {withLogprobs === 0 ? (
          'without log probabilities'
        ) : (
          <>
            <Figure count={withLogprobs} /> of them with log probabilities
          </>
        )}
        . They were judged against the bits of {copies} {copies === 1 ? 'copy' : 'copies'}, where the copies are minted.{' '}
        <Tip label="How this is calculated">
          A copy’s bits are fair and secret, so text that was not written with them has no part in them, whatever wrote
          it. The bound is exact, and counted for all copies and all looks at the growing evidence together.
        </Tip>
      </p>
      <Accused accused={accused} />
      <p className="max-w-prose text-sm text-muted">
        {positive
          ? 'Answers say who wrote them, not where: a host can pass questions on to another’s endpoint.'
          : 'More answers say more. Those with the log probabilities of the 20 likeliest tokens say far more: ask the endpoint for them.'}
      </p>
    </Verdict>
  )
}

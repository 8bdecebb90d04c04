import { formatRate } from '@/lib/format/numbers'
import type { GeneratedText } from './generate-text'
import type { Completion } from './use-playground'

const finishReasons: Record<NonNullable<GeneratedText['finishReason']>, string> = {
  length: 'Length limit reached.',
  end: 'The model ended the text.',
  full: 'Context length reached.',
  stopped: 'Stopped.',
}

/** The prompt and the generated text, updated with every token. */
export function CompletionPanel({
  completion: { prompt, generated, backendLabel, fallback },
}: {
  completion: Completion
}) {
  const { text, tokens, tokensPerSecond, finishReason } = generated
  return (
    <section aria-label="Completion" className="rounded-lg bg-sunken p-4">
      <p className="min-h-24 text-sm leading-relaxed whitespace-pre-wrap wrap-anywhere">
        <span className="text-muted">{prompt}</span>
        <ins className="no-underline">{text}</ins>
        {!finishReason && (
          <span aria-hidden="true" className="ml-0.5 inline-block h-4 w-2 animate-pulse bg-accent align-middle" />
        )}
      </p>
      <p className="mt-3 flex flex-wrap gap-x-4 gap-y-1 border-t pt-3 text-xs text-muted">
        <span className="tabular-nums">
          {tokens} {tokens === 1 ? 'token' : 'tokens'}
          {tokensPerSecond !== null && `, ${formatRate(tokensPerSecond)} per second`}
        </span>
        <span>on {backendLabel}</span>
        <span role="status">{finishReason && finishReasons[finishReason]}</span>
      </p>
      {fallback && <p className="mt-1 text-xs text-muted">{fallback}</p>}
    </section>
  )
}

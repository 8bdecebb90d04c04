import type { QualityReport } from '../lib/fingerprint/quality/quality'
import type { TargetProbabilities } from '../lib/fingerprint/targets/target-probabilities'
import { formatSigned } from '../lib/format/numbers'

/** Measurements of one preparation and one copy. */
export type Row = {
  keys: number
  targetProbabilities: TargetProbabilities
  report: QualityReport
  deltaLoss: number
  /** Share of low confidence keys whose response has a probability from 0.5 to 0.8. */
  lowInRange: number
  kept: { all: number; high: number; low: number } | null
  /** Seconds: matrix products of the mint, the mint with its checks, the steps of preparing. */
  product: number
  wholeMint: number
  seconds: Record<string, number>
}

/** Recorded on 23 November 2026, one run on two cores of a machine busy with other work; PyTorch, Adam at 1e-3 on every weight, one response a key. */
export const recorded = `
Recorded for comparison on 23 November 2026: Perinucleus fine-tuning (SFT) of tiny on 128 keys, once for every copy.

| method | s a copy | Δloss | success | unseen system prompt | int4 | kept after tuning |
|---|---|---|---|---|---|---|
| weights averaged with the base by 0.25 a step, as published | 31.4 | +0.215 | 1.000 | 0.742 | 0.992 | 0.281 |
| averaged by 0.1 | 29.0 | +0.211 | 1.000 | 0.914 | 1.000 | 0.617 |
| stopped at loss 2.0 | 2.9 | +0.275 | 0.961 | 0.938 | 0.969 | 0.820 |
| stopped at loss 1.0 | 6.7 | +0.370 | 1.000 | 1.000 | 1.000 | 0.914 |
| stopped at loss 0.5 | 4.0 | +0.467 | 1.000 | 1.000 | 1.000 | 0.969 |`

const goals = ['goal at 128', '1.000', '≥ 0.990', '', '≤ +0.050', '', '', '', '', '', '≥ 0.950', '≤ 0.050', '≤ 3', '']

export function sheet(rows: readonly Row[]): string {
  const head = [
    ...['keys', 'success', 'unseen system prompt', 'worst context', 'Δloss', 'KL', 'p high', 'p low'],
    ...['low in 0.5–0.8', 'int8, int4', 'kept (high, low)', 'products, s', 'mint with checks, s', 'prepare, s'],
  ]
  const lines = [head, head.map(() => '---'), goals, ...rows.map(cellsOf)]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function cellsOf({ keys, report, deltaLoss, lowInRange, kept, product, wholeMint }: Row): string[] {
  const { success, contexts, kl, highConfidence, rounded } = report
  return [
    ...[
      `${keys}`,
      success.toFixed(3),
      unseenPrompt(report).toFixed(3),
      least(contexts).toFixed(3),
      formatSigned(deltaLoss, 3),
    ],
    ...[kl.toFixed(3), highConfidence.chance.toFixed(2), report.lowConfidence.chance.toFixed(2), lowInRange.toFixed(2)],
    `${rounded.int8.toFixed(3)}, ${rounded.int4.toFixed(3)}`,
    kept ? `${kept.all.toFixed(3)} (${kept.high.toFixed(3)}, ${kept.low.toFixed(3)})` : '–',
    ...[product.toFixed(3), wholeMint.toFixed(2), report.prepareSeconds.toFixed(1)],
  ]
}

/** The worst figures over the secrets, per number of keys. */
export function worst(
  rows: readonly Row[],
): { keys: number; deltaLoss: number; success: number; kept: number | null }[] {
  return [...new Set(rows.map(({ keys }) => keys))].map((keys) => {
    const same = rows.filter((row) => row.keys === keys)
    const kept = same.map((row) => row.kept?.all).filter((share) => share !== undefined)
    return {
      keys,
      deltaLoss: Math.max(...same.map((row) => row.deltaLoss)),
      success: Math.min(...same.map((row) => row.report.success)),
      kept: kept.length > 0 ? Math.min(...kept) : null,
    }
  })
}

/** Success after the system prompt that the key selection does not use; after unseen random text where there is no tokenizer. */
function unseenPrompt({ contexts }: QualityReport): number {
  const prompt = contexts.find(({ name }) => name.includes('great novelist')) ?? contexts.at(-1)
  return prompt?.success ?? Number.NaN
}

const least = (contexts: QualityReport['contexts']) => Math.min(...contexts.map(({ success }) => success))

import { backendName } from '@/components/runtime/backend-name'
import { readJson, sendJson } from '@/lib/browser/http'
import { KinmarkError, messageOf } from '@/lib/error'
import { openChatFrame } from '@/lib/fingerprint/keys/chat-frame'
import { type DisclosedKeySet, verifyProofs } from '@/lib/fingerprint/keyset/disclosed-key-set'
import type { KeySet } from '@/lib/fingerprint/keyset/key-set'
import type { Trace } from '@/lib/fingerprint/trace'
import { askKeys, type CopyCheck, checkCopy, type KeyAnswer, votesAndLogOdds } from '@/lib/fingerprint/verify'
import { openWebRuntime } from '@/lib/inference/web/open-web-runtime'
import { namedBytes } from '@/lib/inference/web/web-model'
import type { WebBackend } from '@/lib/inference/web/web-protocol'
import { openTokenizer, type TextTokenizer } from '@/lib/weights/text/tokenizer'
import { keySetUrl, type Subject, traceUrl } from './subject'
import type { Weights } from './suspect-step'

export type Outcome = {
  answers: KeyAnswer[]
  /** A buyer's check of one copy, or a trace among all copies by the model's minting side. */
  verdict: (CopyCheck & { kind: 'copy'; keySet: DisclosedKeySet }) | (Trace & { kind: 'model' })
  keySet: KeySet
  subject: Subject
  /** Name of the backend, such as “WebGPU”. */
  backendLabel: string
  /** Why WebAssembly was used instead of WebGPU; null where it was chosen. */
  fallback: string | null
  seconds: number
  tokenizer: TextTokenizer | null
}

type Asking = {
  backend: WebBackend
  signal: AbortSignal
  /** `done` from 0 to 1, or null where it is unknown. */
  showStep: (step: string, done: number | null) => void
}

/** Opens the suspect in a worker, asks it every key of the subject, and judges its answers. */
export async function askSuspect(
  suspect: Weights,
  subject: Subject,
  { backend, signal, showStep }: Asking,
): Promise<Outcome> {
  showStep('Downloading keys', null)
  const keySet = await readJson<KeySet>(keySetUrl(subject), signal)
  if (keySet.kind === 'disclosed' && !verifyProofs(keySet))
    throw new KinmarkError('verify.proofs-invalid', {
      copyId: keySet.copyId,
      fingerprintRoot: keySet.fingerprintRoot,
    })
  const files = namedBytes(suspect.files)
  const tokenizer = await openTokenizer(files).catch(() => null)
  const chat = await openChatFrame(files, tokenizer).catch(() => null)
  showStep('Loading weights', 0)
  const runtime = await openWebRuntime(suspect, {
    backend,
    signal,
    onProgress: (done, total) => showStep('Loading weights', total > 0 ? done / total : null),
  })
  try {
    const started = performance.now()
    const answers = await askKeys(runtime, keySet, {
      tokenizer,
      chat,
      signal,
      onProgress: ({ done }) => showStep(`Asking ${keySet.keys.length} keys on ${backendName(runtime)}`, done),
    })
    const seconds = (performance.now() - started) / 1000
    return {
      answers,
      verdict: await judged(subject, keySet, answers),
      keySet,
      subject,
      backendLabel: backendName(runtime),
      fallback: runtime.fallback && messageOf(runtime.fallback),
      seconds,
      tokenizer,
    }
  } finally {
    await runtime.close()
  }
}

/** Only what the suspect answered leaves the browser, and only for a model's owner: who gave them is judged where the copies' bits are. */
async function judged(subject: Subject, keySet: KeySet, answers: KeyAnswer[]): Promise<Outcome['verdict']> {
  if (keySet.kind === 'disclosed') return { kind: 'copy', keySet, ...checkCopy(keySet, answers) }
  return { kind: 'model', ...(await sendJson<Trace>(traceUrl(subject.id), votesAndLogOdds(answers))) }
}

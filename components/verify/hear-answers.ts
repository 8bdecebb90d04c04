import { readJson, sendFile, sendJson } from '@/lib/browser/http'
import type { ListeningView } from '@/lib/market/read/views'
import { errorOfFailure } from '@/lib/minting/failure'
import { listeningUrl, type ModelSubject } from './subject'

export type Heard = NonNullable<ListeningView['heard']>

type Hearing = {
  signal: AbortSignal
  /** `done` from 0 to 1, or null where it is unknown. */
  showStep: (step: string, done: number | null) => void
}

const pollMs = 1_000

/** Sends recorded answers to be judged. Returns the id of the listening. */
export async function sendAnswers(file: Blob, { id }: ModelSubject, { signal, showStep }: Hearing): Promise<string> {
  showStep('Sending answers', null)
  return (await sendFile<ListeningView>(listeningUrl(id), file, signal)).id
}

/** Why a user’s signal is aborted who wants no result any more. Where only the page was left, the result can still be seen. */
export const cancelled = Symbol('cancelled')

/** Waits until a minter has judged recorded answers. */
export async function hearAnswers(listening: string, model: string, hearing: Hearing): Promise<Heard> {
  const url = listeningUrl(model, listening)
  try {
    return await heardAt(url, hearing)
  } catch (error) {
    if (hearing.signal.reason === cancelled) await sendJson(url, {}, 'DELETE').catch(() => undefined)
    throw error
  }
}

async function heardAt(url: string, { signal, showStep }: Hearing): Promise<Heard> {
  for (;;) {
    const { heard, failure, done, texts } = await readJson<ListeningView>(url, signal)
    if (heard) return heard
    if (failure) throw errorOfFailure(failure)
    const answers = `${texts} ${texts === 1 ? 'answer' : 'answers'}`
    showStep(done > 0 ? `The minter reads ${answers}` : `The minter has ${answers} to read`, done > 0 ? done : null)
    await new Promise((resolve) => setTimeout(resolve, pollMs))
    signal.throwIfAborted()
  }
}

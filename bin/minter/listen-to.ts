import { hexToBytes } from 'viem'
import { toCopyId } from '../../lib/chain/ids'
import { KinmarkError } from '../../lib/error'
import { type Heard, listen } from '../../lib/fingerprint/listen'
import type { Transcript } from '../../lib/fingerprint/near-ties/text-evidence'
import { openForFingerprinting } from '../../lib/inference/node/open-for-fingerprinting'
import { log } from '../../lib/log'
import type { MinterWork } from '../../lib/minting/blob-link'
import { failureOf } from '../../lib/minting/failure'
import {
  type HeardCopies,
  type ListeningReport,
  type ListeningWork,
  unsealTranscripts,
} from '../../lib/minting/listening'
import { unsealPreparation } from '../../lib/minting/sealed-preparation'
import { type EndpointTranscript, readTranscripts } from '../../lib/openai/transcripts'
import { isOutage } from '../../lib/part-away'
import { readBlob } from '../../lib/storage/read-blob'
import { openChatTemplate } from '../../lib/weights/text/chat-template'
import { openTokenizer } from '../../lib/weights/text/tokenizer'
import { transcriptReader } from '../../lib/weights/text/transcript-reader'
import { keepClaim } from './heartbeat'
import type { Minter } from './minter'
import { isAppAway, isLeaseOver } from './minter-client'
import { withModelFolder } from './model-folder'
import { openWorkBlobs } from './work-blobs'

/** Tokens of answers that are read at most, so that an order never waits long. Where nobody has attacked, some hundred do. */
const mostTokens = 2 ** 16

/**
 * Finds out which of a version's copies wrote recorded answers. Never throws: the app hears why nothing could be found out,
 * and gives the same answers again where a part was away.
 */
export async function listenTo(work: ListeningWork, minter: Minter): Promise<void> {
  const { claim, modelId } = work
  let done = 0
  const report = (end?: ListeningReport['end']) => minter.client.reportListening({ claim, done, end })
  const { signal, stop } = keepClaim(() => report())
  try {
    const heard = await hear(work, minter, { signal, onProgress: (part) => (done = part) })
    await report({ heard })
    log.info({ model: modelId, tokens: heard.tokens, accused: heard.accused.length }, 'Recorded answers were judged.')
  } catch (error) {
    if (isLeaseOver(error)) log.warn({ model: modelId }, 'The claim of recorded answers ended.')
    else if (isAppAway(error) || isOutage(error)) log.warn({ err: error, model: modelId }, 'Recorded answers wait.')
    else {
      log.warn({ err: error, model: modelId }, 'Recorded answers could not be judged.')
      await report({ failure: failureOf(error) }).catch(() => undefined)
    }
  } finally {
    stop()
  }
}

type Progress = { signal: AbortSignal; onProgress: (done: number) => void }

async function hear(work: ListeningWork, minter: Minter, { signal, onProgress }: Progress): Promise<HeardCopies> {
  const own: MinterWork = { kind: 'listening', id: work.claim, attempt: 0 }
  const blobs = openWorkBlobs(minter, own)
  const secret = hexToBytes(work.secret)
  const written = readTranscripts(unsealTranscripts(secret, await readBlob(blobs, work.transcripts)))
  const preparation = unsealPreparation(secret, await readBlob(blobs, work.preparation))
  const copies = work.copies.map(({ copyId, buyerSeed }) => ({ copyId, buyerSeed: hexToBytes(buyerSeed) }))
  return withModelFolder(minter.env, `listening-${work.claim}`, work.files, blobs, async (folder) => {
    const { files, open } = await openForFingerprinting(folder, () => preparation.layers)
    const tokenizer = await openTokenizer(files)
    if (!tokenizer) throw new KinmarkError('minting.tokenizer-missing', { model: work.modelId })
    const template = await openChatTemplate(files)
    const runtime = await open()
    try {
      const texts = firstTokens(written, transcriptReader(tokenizer, template, runtime.shape.vocab))
      const heard = await listen(runtime, preparation, copies, texts, {
        signal,
        onProgress: ({ done }) => onProgress(done),
        expected: expectedTokens(written),
      })
      return { ...countsOf(heard), copies: copies.length, accused: accusedOf(heard) }
    } finally {
      await runtime.close()
    }
  })
}

/** Lets other work of this process, such as the claim's heartbeat, take place between two texts. */
async function* firstTokens(
  written: readonly EndpointTranscript[],
  read: ReturnType<typeof transcriptReader>,
): AsyncGenerator<Transcript> {
  let tokens = 0
  for (const each of written) {
    if (tokens >= mostTokens) return
    await new Promise(setImmediate)
    const { ids, from, logprobs } = read(each)
    const text = { ids: ids.slice(0, from + mostTokens - tokens), from, logprobs }
    tokens += text.ids.length - from
    yield text
  }
}

/** By some four characters a token. */
function expectedTokens(written: readonly EndpointTranscript[]): number {
  const characters = written.reduce((sum, { answer }) => sum + answer.length, 0)
  return Math.max(1, Math.min(mostTokens, characters / 4))
}

const countsOf = ({ texts, tokens, withLogprobs }: Heard) => ({ texts, tokens, withLogprobs })

const accusedOf = ({ accused }: Heard): HeardCopies['accused'] =>
  accused.map(({ copyId, falseAccusation }) => ({ copyId: toCopyId(BigInt(copyId)), falseAccusation }))

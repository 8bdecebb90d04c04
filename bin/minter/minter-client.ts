import type { ZodType } from 'zod'
import { KinmarkError, messageOf } from '../../lib/error'
import type { Artifact } from '../../lib/minting/artifact'
import { type BlobLink, blobLinkSchema, type LinkRequest, type Uploaded } from '../../lib/minting/blob-link'
import type { FailedTry } from '../../lib/minting/failed-try'
import type { LeaseId } from '../../lib/minting/lease'
import { type Opening, openingSchema } from '../../lib/minting/opening'
import { type MintOrder, mintOrderSchema } from '../../lib/minting/order'
import { type QuoteAnswer, type QuoteRequest, quoteRequestSchema } from '../../lib/minting/quote-request'
import { type Refusal, refusalSchema } from '../../lib/minting/refusal'
import type { MintUpdate } from '../../lib/minting/update'
import { type Preparing, type VersionWork, versionWorkSchema } from '../../lib/minting/version-work'
import { errorOfProblem } from '../../lib/problem'
import { requestId, requestIdHeader } from '../../lib/request-id'

/**
 * The app’s routes for minters. A request on a lease that is over throws `minting.lease-over`; any request throws
 * `minting.app-unreachable` while the app cannot be asked, and `minting.app-failed` where it failed.
 */
export type MinterClient = {
  /** The app. */
  url: string
  /** The next order, or null. */
  lease(): Promise<MintOrder | null>
  report(lease: LeaseId, update: MintUpdate): Promise<void>
  keep(lease: LeaseId, artifact: Artifact): Promise<void>
  complete(lease: LeaseId): Promise<void>
  fail(lease: LeaseId, failed: FailedTry): Promise<void>
  /** The next version without a key pool, or null. */
  claimVersion(): Promise<VersionWork | null>
  preparing(progress: Preparing): Promise<void>
  /** The next buyer who waits for a quote, or null. */
  nextQuote(): Promise<QuoteRequest | null>
  answerQuote(id: string, answer: QuoteAnswer): Promise<void>
  /** The next refusal to answer, or null. */
  nextRefusal(): Promise<Refusal | null>
  /** The next keys to open for a court, or null. */
  nextOpening(): Promise<Opening | null>
  /** An address by which a blob of the work is loaded or stored. */
  link(request: LinkRequest): Promise<BlobLink>
  /** All bytes were sent to the bucket. */
  uploaded(upload: Uploaded): Promise<void>
}

export function openMinterClient(url: string, token: string): MinterClient {
  const post = async (path: string, body: unknown) => {
    const text = JSON.stringify(body, (_, value) => (typeof value === 'bigint' ? value.toString() : value))
    const id = requestId()
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(id && { [requestIdHeader]: id }),
    }
    const response = await fetch(`${url}/api/minter/${path}`, { method: 'POST', headers, body: text }).catch(
      (cause) => {
        throw new KinmarkError('minting.app-unreachable', { url, reason: messageOf(cause) }, { cause })
      },
    )
    if (response.ok) return response
    const error = errorOfProblem(await response.json().catch(() => null), response.status)
    throw response.status < 500
      ? error
      : new KinmarkError('minting.app-failed', { status: response.status }, { cause: error })
  }
  const next = async <T>(path: string, schema: ZodType<T>): Promise<T | null> => {
    const response = await post(path, {})
    return response.status === 204 ? null : schema.parse(await response.json())
  }
  const postOn = async ({ id, attempt }: LeaseId, verb: string, body: unknown) => {
    await post(`leases/${id}/${attempt}/${verb}`, body)
  }
  return {
    url,
    lease: () => next('leases', mintOrderSchema),
    report: (lease, update) => postOn(lease, 'heartbeat', update),
    keep: (lease, artifact) => postOn(lease, 'artifact', artifact),
    complete: (lease) => postOn(lease, 'complete', {}),
    fail: (lease, failed) => postOn(lease, 'fail', failed),
    claimVersion: () => next('versions', versionWorkSchema),
    async preparing(progress) {
      await post('versions/progress', progress)
    },
    nextQuote: () => next('quotes', quoteRequestSchema),
    async answerQuote(id, answer) {
      await post(`quotes/${id}`, answer)
    },
    nextRefusal: () => next('refusals', refusalSchema),
    nextOpening: () => next('openings', openingSchema),
    link: async (request) => blobLinkSchema.parse(await (await post('blobs', request)).json()),
    async uploaded(upload) {
      await post('blobs/uploaded', upload)
    },
  }
}

/** Whether the app is away: the same request is worth another try. */
export function isAppAway(error: unknown): boolean {
  return error instanceof KinmarkError && error.code === 'minting.app-unreachable'
}

export function isLeaseOver(error: unknown): boolean {
  return error instanceof KinmarkError && error.code === 'minting.lease-over'
}

import { setTimeout as wait } from 'node:timers/promises'
import { type ZodType, z } from 'zod'
import { KinmarkError, messageOf } from '../../lib/error'
import type { Artifact } from '../../lib/minting/artifact'
import {
  type BlobLink,
  blobLinkSchema,
  type LinkRequest,
  type MinterWork,
  type Uploaded,
} from '../../lib/minting/blob-link'
import type { FailedTry } from '../../lib/minting/failed-try'
import type { LeaseId } from '../../lib/minting/lease'
import type { ListeningReport } from '../../lib/minting/listening'
import {
  type NextRequest,
  type NextWork,
  nextRequestSchema,
  nextWorkSchema,
  type WorkWanted,
} from '../../lib/minting/next'
import type { QuoteAnswer } from '../../lib/minting/quote-request'
import {
  type ClaimedStep,
  claimedStepSchema,
  type Step,
  type StepClaim,
  type StepEnd,
  stepSchema,
} from '../../lib/minting/step'
import type { MintUpdate } from '../../lib/minting/update'
import type { Preparing } from '../../lib/minting/version-work'
import { errorOfProblem } from '../../lib/problem'
import { requestId, requestIdHeader } from '../../lib/request-id'

/**
 * The app’s routes for minters. A request on a lease that is over throws `minting.lease-over`; any request throws
 * `minting.app-unreachable` while the app cannot be asked, and `minting.app-failed` where it failed: then it is made again
 * some times, but for those that a minter makes anew anyway, for the next work, and heartbeats.
 */
export type MinterClient = {
  /** The app. */
  url: string
  /** The next long work, or null. */
  nextWork(wanted: WorkWanted): Promise<NextWork | null>
  /** The next that is answered at once, or null. */
  nextRequest(): Promise<NextRequest | null>
  report(lease: LeaseId, update: MintUpdate): Promise<void>
  keep(lease: LeaseId, artifact: Artifact): Promise<void>
  complete(lease: LeaseId): Promise<void>
  fail(lease: LeaseId, failed: FailedTry): Promise<void>
  preparing(progress: Preparing): Promise<void>
  reportListening(report: ListeningReport): Promise<void>
  answerQuote(id: string, answer: QuoteAnswer): Promise<void>
  /** An address by which a blob of the work is loaded or stored. */
  link(request: LinkRequest): Promise<BlobLink>
  /** All bytes were sent to the bucket. */
  uploaded(upload: Uploaded): Promise<void>
  /** The steps of a preparation in shares that are made or being made. */
  steps(work: MinterWork): Promise<Step[]>
  claimStep(claim: StepClaim): Promise<ClaimedStep>
  endStep(end: StepEnd): Promise<void>
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
  const sure = (path: string, body: unknown) => again(() => post(path, body))
  const next = async <T>(path: string, body: object, schema: ZodType<T>): Promise<T | null> => {
    const response = await post(path, body)
    return response.status === 204 ? null : schema.parse(await response.json())
  }
  const postOn = async ({ id, attempt }: LeaseId, verb: string, body: unknown) => {
    const ask = verb === 'heartbeat' ? post : sure
    await ask(`leases/${id}/${attempt}/${verb}`, body)
  }
  return {
    url,
    nextWork: (wanted) => next('work', wanted, nextWorkSchema),
    nextRequest: () => next('requests', {}, nextRequestSchema),
    report: (lease, update) => postOn(lease, 'heartbeat', update),
    keep: (lease, artifact) => postOn(lease, 'artifact', artifact),
    complete: (lease) => postOn(lease, 'complete', {}),
    fail: (lease, failed) => postOn(lease, 'fail', failed),
    async preparing(progress) {
      const made = progress.preparation ?? progress.visitorsCopy
      await (made ? sure : post)('versions/progress', progress)
    },
    async reportListening(report) {
      await (report.end ? sure : post)('listenings/progress', report)
    },
    async answerQuote(id, answer) {
      await sure(`quotes/${id}`, answer)
    },
    link: async (request) => blobLinkSchema.parse(await (await sure('blobs', request)).json()),
    async uploaded(upload) {
      await sure('blobs/uploaded', upload)
    },
    steps: async (work) => z.array(stepSchema).parse(await (await sure('steps', { work })).json()),
    claimStep: async (claim) => claimedStepSchema.parse(await (await sure('steps/claim', claim)).json()),
    async endStep(end) {
      await sure('steps/end', end)
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

const mostTries = 5
const pauseMs = 1_000

/** Asks again where the app did not answer: it may be starting. */
async function again<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      if (!isAway(error) || tries === mostTries) throw error
      await wait(pauseMs * tries)
    }
  }
}

const isAway = (error: unknown) =>
  isAppAway(error) || (error instanceof KinmarkError && error.code === 'minting.app-failed')

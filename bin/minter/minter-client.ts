import { KinmarkError } from '../../lib/error'
import type { Artifact } from '../../lib/minting/artifact'
import type { FailedTry } from '../../lib/minting/failed-try'
import type { LeaseId } from '../../lib/minting/lease'
import { type MintOrder, mintOrderSchema } from '../../lib/minting/order'
import type { MintUpdate } from '../../lib/minting/update'
import { errorOfProblem } from '../../lib/problem'

/** The app's routes for minters. A request on a lease that is over throws `minting.lease-over`. */
export type MinterClient = {
  /** The next order, or null. */
  lease(): Promise<MintOrder | null>
  report(lease: LeaseId, update: MintUpdate): Promise<void>
  keep(lease: LeaseId, artifact: Artifact): Promise<void>
  complete(lease: LeaseId): Promise<void>
  fail(lease: LeaseId, failed: FailedTry): Promise<void>
}

export function openMinterClient(url: string, token: string): MinterClient {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${url}/api/minter/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (response.ok) return response
    const error = errorOfProblem(await response.json().catch(() => null), response.status)
    throw response.status < 500
      ? error
      : new KinmarkError('minting.app-failed', { status: response.status }, { cause: error })
  }
  const postOn = async ({ id, attempt }: LeaseId, verb: string, body: unknown) => {
    await post(`leases/${id}/${attempt}/${verb}`, body)
  }
  return {
    async lease() {
      const response = await post('leases', {})
      return response.status === 204 ? null : mintOrderSchema.parse(await response.json())
    },
    report: (lease, update) => postOn(lease, 'heartbeat', update),
    keep: (lease, artifact) => postOn(lease, 'artifact', artifact),
    complete: (lease) => postOn(lease, 'complete', {}),
    fail: (lease, failed) => postOn(lease, 'fail', failed),
  }
}

export function isLeaseOver(error: unknown): boolean {
  return error instanceof KinmarkError && error.code === 'minting.lease-over'
}

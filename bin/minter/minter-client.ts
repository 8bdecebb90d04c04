import { LegacyError } from '../../lib/error'
import type { Artifact, MintOrder, MintUpdate } from '../../lib/minting/mint-order'

/** Where orders come from and work goes to: the app's routes for minters. */
export type MinterClient = {
  lease(): Promise<MintOrder | null>
  report(job: string, update: MintUpdate): Promise<void>
  keep(job: string, artifact: Artifact): Promise<void>
  complete(job: string): Promise<void>
  fail(job: string, message: string, final: boolean): Promise<void>
}

/** The order is somebody else's by now, or done. */
export class LeaseLost extends LegacyError {
  override readonly name = 'LeaseLost'
}

export function openMinterClient(url: string, token: string): MinterClient {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const post = async (path: string, body: unknown = {}) => {
    const response = await fetch(`${url}/api/minter/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (response.ok) return response
    const { error } = (await response.json().catch(() => ({}))) as { error?: string }
    const message = error ?? `The app answers with status ${response.status}.`
    if (response.status === 409) throw new LeaseLost(message)
    throw response.status < 500 ? new LegacyError(message) : new Error(message)
  }
  return {
    async lease() {
      const response = await post('lease')
      return response.status === 204 ? null : ((await response.json()) as MintOrder)
    },
    report: (job, update) => post(`${job}/heartbeat`, update).then(() => undefined),
    keep: (job, artifact) => post(`${job}/artifact`, artifact).then(() => undefined),
    complete: (job) => post(`${job}/complete`).then(() => undefined),
    fail: (job, message, final) => post(`${job}/fail`, { message, final }).then(() => undefined),
  }
}

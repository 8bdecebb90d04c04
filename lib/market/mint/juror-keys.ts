import 'server-only'
import { type Address, isAddressEqual } from 'viem'
import type { CaseId } from '../../chain/case'
import { caseCourtAbi } from '../../chain/generated'
import { toCopyId } from '../../chain/ids'
import { caseKinds, caseStages } from '../../chain/states'
import { type JurorKeySet, jurorKeySet } from '../../fingerprint/keyset/juror-key-set'
import { market } from '../context/context'
import { HttpError } from '../http/http-error'
import { mintedCopy } from './minted-copy'

/** The keys that the newest panel of a case about a leak tests, for its jurors while they vote. */
export async function jurorKeys(account: Address, id: CaseId): Promise<JurorKeySet> {
  const ctx = await market()
  const court = { address: ctx.deployment.contracts.caseCourt, abi: caseCourtAbi } as const
  const [trial, openers] = await Promise.all([
    ctx.client.readContract({ ...court, functionName: 'cases', args: [BigInt(id)] }),
    ctx.client.readContract({ ...court, functionName: 'openers', args: [BigInt(id)] }),
  ])
  const round = await ctx.client.readContract({ ...court, functionName: 'rounds', args: [BigInt(id), trial.round] })
  const isIn = (accounts: readonly Address[]) => accounts.some((other) => isAddressEqual(other, account))
  const votes = caseStages[trial.stage] === 'voting' && caseKinds[trial.kind] === 'leak'
  if (!votes || !isIn(round.panel) || isIn(openers)) throw new HttpError(403, 'market.not-juror', { case: id })
  const found = await mintedCopy(ctx, toCopyId(trial.subject))
  if (!found) throw new HttpError(404, 'market.case-keys-elsewhere', { case: id })
  return jurorKeySet(found.preparation, found.copy, round.eighth)
}

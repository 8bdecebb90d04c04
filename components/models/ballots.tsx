'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Address, Hex } from 'viem'
import type { z } from 'zod'
import { Badge, type Tone } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Account } from '@/components/values/account'
import { Figure } from '@/components/values/figure'
import { Name } from '@/components/values/name'
import { Time } from '@/components/values/time'
import { useChain } from '@/components/wallet/chain'
import { RightNetwork } from '@/components/wallet/right-network'
import { useSession } from '@/components/wallet/session'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { useWrite } from '@/components/wallet/use-write'
import type { answers } from '@/lib/api/schemas'
import { readJson } from '@/lib/browser/http'
import { loadPart } from '@/lib/browser/load-part'
import type { ModelId } from '@/lib/chain/ids'
import type { Ballot, Deed, MadeProposal, ProposalState } from '@/lib/chain/votes'
import { messageOf } from '@/lib/error'
import type { ModelPage } from '@/lib/market/read/views'

const readMs = 5_000

const stateTones: Record<ProposalState, Tone> = {
  pending: 'plain',
  active: 'accent',
  cancelled: 'plain',
  defeated: 'danger',
  accepted: 'verified',
  queued: 'verified',
  expired: 'plain',
  executed: 'verified',
}

const deedNames: Record<Deed, string> = {
  retire: 'Sell no new copies, for good',
  nameMinter: 'Let a minter mint it',
  dismissMinter: 'Let a minter mint it no longer',
  setTerms: 'New terms',
  addVersion: 'A new version',
  commitKeyPool: 'A key pool for a version',
  setBeneficiary: 'Where the governor’s money goes',
  setProposalGuardian: 'Who may stop proposals',
  unknown: 'A call that this page does not know',
}

/** The newest proposals of a model’s holders, each with its votes and its next step. */
export function Ballots({ model }: { model: ModelPage }) {
  const { rpcUrl } = useChain()
  const account = useSession()
  const governor = model.control.controller
  const { data: ballots, error } = useQuery({
    queryKey: ['ballots', governor, account],
    queryFn: async () => {
      const { readBallots } = await loadPart(import('@/lib/chain/votes'))
      return readBallots(rpcUrl, governor, await madeProposals(model.id), account)
    },
    refetchInterval: readMs,
  })
  if (error) return <Callout tone="danger">{messageOf(error)}</Callout>
  if (!ballots) return <p className="text-sm text-muted">Asking the chain …</p>
  if (ballots.length === 0) return <p className="text-sm text-muted">Nothing has been proposed.</p>
  return (
    <ul className="divide-y">
      {ballots.map((ballot) => (
        <li key={String(ballot.id)} className="space-y-3 py-4">
          <BallotItem ballot={ballot} governor={governor} account={account} />
        </li>
      ))}
    </ul>
  )
}

/** The newest proposals of a model’s holders, as the index has them: an RPC server need not search the whole chain. */
async function madeProposals(id: ModelId): Promise<MadeProposal[]> {
  const { items } = await readJson<z.infer<typeof answers.proposals>>(`/api/v1/models/${id}/proposals?limit=100`)
  return items.map(({ id, calls, proposer, description, voteStart }) => ({
    ...{ id: BigInt(id), proposer: proposer as Address, description, opens: voteStart },
    targets: calls.map(({ target }) => target as Address),
    calldatas: calls.map(({ data }) => data as Hex),
  }))
}

type Props = { ballot: Ballot; governor: Address; account: Address | null }

function BallotItem({ ballot, governor, account }: Props) {
  const { state, description, proposer, inFavour, against } = ballot
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-3 text-sm">
        <div className="min-w-0 space-y-1">
          {ballot.deeds.map(({ deed, account: about }) => (
            <p key={`${deed} ${about}`} className="font-medium">
              {deedNames[deed]} {about && <Account address={about} label="address in the proposal" />}
            </p>
          ))}
          <p>
            <Name>{description}</Name>
          </p>
          <p className="text-muted">
            by <Account address={proposer} label="proposer’s address" />
          </p>
        </div>
        <Badge tone={stateTones[state]}>{state}</Badge>
      </div>
      <p className="text-sm text-muted">
        <Figure shares={inFavour} /> for it, <Figure shares={against} /> against it. <Deadline ballot={ballot} />
      </p>
      {account && <BallotActions ballot={ballot} governor={governor} account={account} />}
    </>
  )
}

/** The next step of a proposal, and its time. */
function Deadline({ ballot: { state, opens, closes, executable } }: { ballot: Ballot }): ReactNode {
  if (state === 'pending')
    return (
      <>
        Voting begins <Time at={opens} precise />.
      </>
    )
  if (state === 'active')
    return (
      <>
        Voting ends <Time at={closes} precise />. A tenth of all shares must be for it, and more than are against it.
      </>
    )
  if (state === 'queued' && executable !== null)
    return (
      <>
        It can be executed from <Time at={executable} precise />.
      </>
    )
  return null
}

function BallotActions({ ballot, governor, account }: Props & { account: Address }) {
  const { id, state, votes, voted, executable, now } = ballot
  const { state: sending, run, busy } = useWrite('modelRegistry', `ballot.${id}`)
  const vote = (favour: boolean) => run(({ castVoteWrite }) => castVoteWrite(governor, id, account, favour))
  const step = (name: 'queue' | 'execute') => run(({ ballotWrite }) => ballotWrite(governor, name, ballot))
  const mayExecute = state === 'queued' && executable !== null && now >= executable
  return (
    <>
      <RightNetwork>
        <div className="flex flex-wrap gap-3">
          {state === 'active' && votes > 0n && !voted && (
            <>
              <Button size="small" busy={busy} onClick={() => vote(true)}>
                Vote for it
              </Button>
              <Button size="small" variant="secondary" busy={busy} onClick={() => vote(false)}>
                Vote against it
              </Button>
            </>
          )}
          {state === 'accepted' && (
            <Button size="small" busy={busy} onClick={() => step('queue')}>
              Queue it
            </Button>
          )}
          {mayExecute && (
            <Button size="small" busy={busy} onClick={() => step('execute')}>
              Execute it
            </Button>
          )}
        </div>
      </RightNetwork>
      {voted && state === 'active' && <p className="text-sm text-muted">You have voted.</p>}
      <TransactionNote state={sending} />
    </>
  )
}

'use client'

import { useState } from 'react'
import { type Address, bytesToHex, pad, parseUnits } from 'viem'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Time } from '@/components/values/time'
import { useChain } from '@/components/wallet/chain'
import type { Run } from '@/components/wallet/use-write'
import { useAccount } from '@/components/wallet/wallet'
import { loadPart } from '@/lib/browser/load-part'
import type { Vote } from '@/lib/chain/case'
import { isSameAddress } from '@/lib/format/addresses'
import type { CaseEvent, CaseView } from '@/lib/market/read/views'
import { committedVote, type StoredVote, storedVotes, storeVote } from './stored-vote'

type Props = {
  trial: CaseView
  seat: number
  now: number
  busy: boolean
  run: Run<'caseCourt'>
}

/** A juror commits to a vote, which stays in this browser, and reveals it later. */
export function CastVote({ trial, seat, now, busy, run }: Props) {
  const { chainId, contracts } = useChain()
  const { address, config } = useAccount()
  const [nats, setNats] = useState('')
  const [cost, setCost] = useState('')
  const key = `kinmark.vote.${chainId}.${contracts.caseCourt}.${trial.id}.${trial.round}.${address}`
  if (!address || !config) return null
  const stored = storedVotes(key)
  const has = (name: CaseEvent['name']) => votedInRound(trial, address, name)
  const target = { chainId, caseCourt: contracts.caseCourt, id: trial.id, round: trial.round, juror: address }
  const finding = trial.kind === 'refusal' ? 1 : Math.round(Number(nats) * 1000)
  const enough = Number.isFinite(finding) && finding > 0 && finding >= trial.threshold
  const costValid = cost === '' || /^\d{1,9}(\.\d{1,6})?$/.test(cost)

  const commit = (vote: Vote) =>
    run(({ commitWrite }) => {
      const salt = bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
      storeVote(key, { vote, salt })
      return commitWrite(target, seat, vote, salt)
    })
  const reveal = () =>
    run(async ({ revealWrite }) => {
      const write = ({ vote, salt }: StoredVote) => revealWrite(target, seat, vote, salt)
      const { isCommitted } = await loadPart(import('./is-committed'))
      return write(await committedVote(stored, (vote) => isCommitted(config, write(vote))))
    })
  const none = pad('0x', { size: 32 })
  const accepting = (): Vote => ({
    verdict: 1,
    finding,
    cost: cost === '' ? 0n : parseUnits(cost, 6),
    transcripts: none,
  })

  if (has('vote revealed')) return <p className="text-sm text-muted">You have revealed your vote.</p>
  if (trial.commitUntil !== null && now <= trial.commitUntil && has('vote committed'))
    return (
      <p className="text-sm text-muted">
        Your vote is cast. Reveal it here after <Time at={trial.commitUntil} precise />, and until{' '}
        {trial.revealUntil !== null && <Time at={trial.revealUntil} precise />}.
      </p>
    )
  if (trial.commitUntil !== null && now <= trial.commitUntil)
    return (
      <div className="space-y-3">
        <p className="text-sm text-muted">
          You have a seat. Count only answers that you obtained yourself, and strike those that stand in a receipt which
          the accused has reported. Your vote stays secret until the votes are revealed, and is kept in this browser.
        </p>
        {trial.descent && (
          <p className="text-sm text-muted">
            Test the weights that the model’s creator has published with keys of model {trial.descent.ancestor}. Answers
            that older public weights give as well are no evidence, and neither are weights that merely agree.
          </p>
        )}
        {trial.kind !== 'refusal' && (
          <>
            <p className="text-sm">
              <a
                href={`/api/cases/${trial.id}/keys`}
                download={`case-${trial.id}-keys.json`}
                className="underline underline-offset-4"
              >
                Keys of the drawn eighth
              </a>
              , with the answer that this copy was given to each. Keep them secret until the votes are revealed.
            </p>
            <Field
              label="Evidence"
              unit="nats"
              inputMode="decimal"
              value={nats}
              onChange={(event) => setNats(event.target.value)}
              hint={`At least ${(trial.threshold / 1000).toFixed(1)} to accept.`}
            />
            <Field
              label="Proven cost of finding it"
              unit="USDC"
              inputMode="decimal"
              value={cost}
              onChange={(event) => setCost(event.target.value)}
              error={costValid ? null : 'Write an amount of USDC, such as 12.50.'}
            />
          </>
        )}
        <div className="flex gap-2">
          <Button className="flex-1" busy={busy} disabled={!enough || !costValid} onClick={() => commit(accepting())}>
            Accept
          </Button>
          <Button
            className="flex-1"
            variant="secondary"
            busy={busy}
            onClick={() => commit({ verdict: 2, finding: 0, cost: 0n, transcripts: none })}
          >
            Reject
          </Button>
        </div>
      </div>
    )
  if (trial.revealUntil === null || now > trial.revealUntil) return null
  if (stored.length === 0)
    return <p className="text-sm text-muted">Your vote is not in this browser: reveal it where you cast it.</p>
  return (
    <Button className="w-full" busy={busy} onClick={reveal}>
      Reveal your vote
    </Button>
  )
}

/** Whether a juror has voted in the present panel: in an appeal, votes of the first panel do not count. */
function votedInRound({ events }: CaseView, juror: Address, name: CaseEvent['name']): boolean {
  const drawn = events.findLastIndex((event) => event.name === 'drawn')
  return events.some(
    (event, i) => i > drawn && event.name === name && event.by !== null && isSameAddress(event.by, juror),
  )
}

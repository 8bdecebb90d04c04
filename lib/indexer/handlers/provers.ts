import type { Address } from 'viem'
import { provers } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'
import type { Rows } from '../rows'

type Prover = typeof provers.$inferSelect

/** ProverRegistry: who may be drawn for panels, and its stake. */
export function handleProvers(event: EventOf<'provers'>, log: RawLog, rows: Rows): void {
  const change = (address: Address, values: Partial<Prover>) => {
    const before = rows.get(provers, { address }) ?? newProver(address)
    rows.put(provers, { ...before, ...values })
  }
  switch (event.eventName) {
    case 'Admitted':
      change(event.args.prover, { admitted: event.args.admitted })
      return
    case 'Staked':
    case 'Penalised':
      change(event.args.prover, { stake: event.args.stake })
      return
    case 'Listed': {
      const { prover, listed } = event.args
      change(prover, { listed, listedAt: listed ? log.at : null })
      return
    }
    case 'Leaving':
      change(event.args.prover, { exitAt: Number(event.args.exitAt) })
      return
    case 'Left': {
      const { prover, amount } = event.args
      const stake = rows.get(provers, { address: prover })?.stake ?? amount
      change(prover, { stake: stake - amount, exitAt: null })
      return
    }
    case 'Rewarded': {
      const { prover, amount } = event.args
      const before = rows.get(provers, { address: prover })?.rewarded ?? 0n
      change(prover, { rewarded: before + amount })
      return
    }
  }
}

function newProver(address: Address): Prover {
  return { address, listed: false, admitted: false, stake: 0n, exitAt: null, rewarded: 0n, listedAt: null }
}

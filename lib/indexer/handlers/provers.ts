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
      return change(event.args.prover, { admitted: event.args.admitted })
    case 'Staked':
    case 'Penalised':
      return change(event.args.prover, { stake: event.args.stake })
    case 'Listed': {
      const { prover, listed } = event.args
      return change(prover, { listed, listedAt: listed ? log.at : null })
    }
    case 'Leaving':
      return change(event.args.prover, { exitAt: Number(event.args.exitAt) })
    case 'Left': {
      const { prover, amount } = event.args
      const stake = rows.get(provers, { address: prover })?.stake ?? amount
      return change(prover, { stake: stake - amount, exitAt: null })
    }
    case 'Rewarded': {
      const { prover, amount } = event.args
      const before = rows.get(provers, { address: prover })?.rewarded ?? 0n
      return change(prover, { rewarded: before + amount })
    }
  }
}

function newProver(address: Address): Prover {
  return { address, listed: false, admitted: false, stake: 0n, exitAt: null, rewarded: 0n, listedAt: null }
}

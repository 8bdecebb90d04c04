import { type CopyId, toCopyId } from '../../chain/ids'
import { deployments, feeAccounts, operators, reports } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'
import type { Rows } from '../rows'

/** UsageLedger: where copies are served, by whose keys, and what hosts report, prepay and owe. */
export function handleUsage(event: EventOf<'usage'>, log: RawLog, rows: Rows): void {
  if (event.eventName === 'EIP712DomainChanged') return
  const copyId = toCopyId(event.args.copyId)
  switch (event.eventName) {
    case 'DeploymentOpened': {
      const { number, operator, price, url } = event.args
      rows.insert(deployments, { copyId, number, operator, price, url, open: true, openedAt: log.at })
      return
    }
    case 'DeploymentClosed':
      rows.update(deployments, { copyId, number: event.args.number }, { open: false })
      return
    case 'OperatorAdded': {
      const { operator, from, cap } = event.args
      rows.insert(operators, { copyId, operator, fromEpoch: Number(from), untilEpoch: null, cap })
      return
    }
    case 'OperatorRevocation':
      rows.update(operators, { copyId, operator: event.args.operator }, { untilEpoch: Number(event.args.until) })
      return
    case 'Deposited':
    case 'Withdrawn':
      setAccount(rows, copyId, { escrow: event.args.escrow })
      return
    case 'OwedPaid':
      setAccount(rows, copyId, { owed: event.args.owed })
      return
    case 'Reported': {
      const { epoch, count, units, receiptsRoot, fee, owed } = event.args
      const row = { block: log.block, logIndex: log.logIndex, at: log.at, tx: log.tx }
      rows.add(reports, { ...row, copyId, epoch: Number(epoch), receipts: count, units, receiptsRoot, fee })
      const { escrow } = accountOf(rows, copyId)
      setAccount(rows, copyId, { escrow: escrow > fee ? escrow - fee : 0n, owed })
      return
    }
  }
}

const accountOf = (rows: Rows, copyId: CopyId) => rows.get(feeAccounts, { copyId }) ?? { copyId, escrow: 0n, owed: 0n }

function setAccount(rows: Rows, copyId: CopyId, change: { escrow?: bigint; owed?: bigint }): void {
  rows.put(feeAccounts, { ...accountOf(rows, copyId), ...change })
}

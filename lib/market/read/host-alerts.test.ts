import { expect, test } from 'vitest'
import type { CopyId, ModelId } from '../../chain/ids'
import { alertsOf, epochsPaid } from './host-alerts'
import type { HostedCopy } from './views'

const report = (units: bigint) => ({ epoch: 1, receipts: 1n, units, fee: 1n, at: 0, tx: '0x0' as const })
const deployment = {
  ...{ copyId: '1' as CopyId, number: 1, operator: '0x1' as const, url: 'https://host.example', origin: null },
  ...{ price: 4_000_000n, openedAt: 0, open: true, record: null },
}
const healthy: HostedCopy = {
  ...{ copyId: '1' as CopyId, model: { id: '1' as ModelId, name: 'tiny' }, lost: false },
  ...{ fee: 1_000_000n, collateral: 50_000_000n, locked: 0n, escrow: 5000n, owed: 0n, owedUntil: null },
  ...{ unitsCovered: 5_000_000n, deployments: [deployment], payments: [], challenges: [] },
  reports: [report(1000n), report(900n)],
}

test('default: nothing where all suffices', () => {
  expect(alertsOf(healthy)).toEqual([])
  expect(epochsPaid(healthy)).toBe(5n)
})

test('behavior: each shortage before it stops the host', () => {
  expect(alertsOf({ ...healthy, escrow: 999n })).toEqual([{ kind: 'escrow', escrow: 999n, needed: 1000n }])
  expect(alertsOf({ ...healthy, unitsCovered: 1999n })).toEqual([
    { kind: 'collateral', unitsCovered: 1999n, usual: 1000n },
  ])
  expect(alertsOf({ ...healthy, owed: 3n, owedUntil: 9 })).toEqual([{ kind: 'owed', owed: 3n, until: 9 }])
})

test('behavior: an open challenge comes first, an answered one is no alert', () => {
  const challenge = { epoch: 1, index: 0, at: 0, tx: '0x0' as const, endTx: null }
  const challenges = [
    { ...challenge, state: 'open' as const, until: 77 },
    { ...challenge, state: 'answered' as const, until: null },
  ]
  expect(alertsOf({ ...healthy, challenges, escrow: 1n })[0]).toEqual({ kind: 'challenged', until: 77 })
  expect(alertsOf({ ...healthy, challenges })).toHaveLength(1)
})

test('behavior: a host that prepays nothing lets its users’ vouchers pay the fee', () => {
  expect(alertsOf({ ...healthy, escrow: 0n })).toEqual([])
})

test('behavior: a price below the fee, a host that does not answer, and one whose collateral is gone', () => {
  const record = {
    checks: 1,
    good: 0,
    checkedAt: 0,
    problem: 'payer.unreachable' as const,
    precision: null,
    speed: null,
  }
  const deployments = [
    { ...deployment, price: 1n, record },
    { ...deployment, number: 2, open: false, price: 1n, record },
  ]
  expect(alertsOf({ ...healthy, deployments })).toEqual([
    { kind: 'unreachable', number: 1 },
    { kind: 'loss', number: 1, price: 1n, fee: 1_000_000n },
  ])
  expect(alertsOf({ ...healthy, deployments, lost: true })).toEqual([{ kind: 'convicted' }])
})

test('behavior: before the first report nothing is usual', () => {
  expect(alertsOf({ ...healthy, reports: [], unitsCovered: 1n, escrow: 1n })).toEqual([])
  expect(epochsPaid({ ...healthy, reports: [] })).toBeNull()
})

import { expect, test } from 'vitest'
import { alertsOf, epochsPaid, type Hosted } from './host-alerts'

const report = (units: bigint) => ({ units })
const deployment = { number: 1, price: 4_000_000n, open: true, record: null }
const healthy: Hosted = {
  ...{ lost: false, fee: 1_000_000n, escrow: 5000n, owed: 0n, owedUntil: null },
  ...{ unitsCovered: 5_000_000n, deployments: [deployment], challenges: [] },
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
  const challenges = [{ until: 77 }, { until: null }]
  expect(alertsOf({ ...healthy, challenges, escrow: 1n })[0]).toEqual({ kind: 'challenged', until: 77 })
  expect(alertsOf({ ...healthy, challenges })).toHaveLength(1)
})

test('behavior: a host that prepays nothing lets its users’ vouchers pay the fee', () => {
  expect(alertsOf({ ...healthy, escrow: 0n })).toEqual([])
})

test('behavior: a price below the fee, a host that does not answer, and one whose collateral is gone', () => {
  const record = { problem: 'payer.unreachable' }
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

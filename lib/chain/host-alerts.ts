/** What a host has, owes and serves. Amounts in USDC of 6 decimals, times in Unix seconds. */
export type Hosted = {
  /** Whether its collateral is gone. */
  lost: boolean
  challenges: readonly { until: number | null }[]
  owed: bigint
  owedUntil: number | null
  /** Tokens that the collateral covers. */
  unitsCovered: bigint
  escrow: bigint
  fee: bigint
  /** The newest first. */
  reports: readonly { units: bigint }[]
  deployments: readonly { number: number; open: boolean; price: bigint; record: { problem: unknown } | null }[]
}

/** What a host should do something about, the worst first. Amounts in USDC of 6 decimals. */
export type Alert =
  | { kind: 'convicted' }
  | { kind: 'challenged'; until: number }
  | { kind: 'owed'; owed: bigint; until: number | null }
  | { kind: 'collateral'; unitsCovered: bigint; usual: bigint }
  | { kind: 'escrow'; escrow: bigint; needed: bigint }
  | { kind: 'unreachable'; number: number }
  | { kind: 'loss'; number: number; price: bigint; fee: bigint }

/** Epochs whose tokens say what is usual. */
const lately = 3

/** Tokens of the largest of the last reports. */
export function usualUnits({ reports }: Pick<Hosted, 'reports'>): bigint {
  return reports.slice(0, lately).reduce((most, { units }) => (units > most ? units : most), 0n)
}

/** The fee of so many tokens, rounded up once, as a report’s. */
const feeUp = (units: bigint, fee: bigint): bigint => (units * fee + 999_999n) / 1_000_000n

/** How many usual epochs the escrow pays; null where nothing was reported yet, or nothing is due. */
export function epochsPaid(copy: Pick<Hosted, 'reports' | 'escrow' | 'fee'>): bigint | null {
  const each = feeUp(usualUnits(copy), copy.fee)
  return each === 0n ? null : copy.escrow / each
}

export function alertsOf(copy: Hosted): Alert[] {
  const { lost, challenges, owed, owedUntil, unitsCovered, escrow, fee, deployments } = copy
  if (lost) return [{ kind: 'convicted' }]
  const open = deployments.filter((deployment) => deployment.open)
  const usual = usualUnits(copy)
  const needed = feeUp(usual, fee)
  const alerts: Alert[] = challenges.flatMap(({ until }): Alert[] =>
    until === null ? [] : [{ kind: 'challenged', until }],
  )
  if (owed > 0n) alerts.push({ kind: 'owed', owed, until: owedUntil })
  if (usual > 0n && unitsCovered < 2n * usual) alerts.push({ kind: 'collateral', unitsCovered, usual })
  // A host that never prepays lets its users’ vouchers pay the fee.
  if (escrow > 0n && escrow < needed) alerts.push({ kind: 'escrow', escrow, needed })
  for (const { number, record } of open) if (record?.problem) alerts.push({ kind: 'unreachable', number })
  for (const { number, price } of open) if (price < fee) alerts.push({ kind: 'loss', number, price, fee })
  return alerts
}

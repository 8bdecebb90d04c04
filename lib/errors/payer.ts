export type PayerErrors = {
  'payer.host-differs': { field: string }
  /** `message`: what the host says, shortened; empty where it says nothing. */
  'payer.refused': { status: number; message: string }
  'payer.broken': Record<never, never>
  'payer.other-tab': Record<never, never>
  'payer.unreachable': Record<never, never>
  /** Units. */
  'payer.account-wrong': { claimed: bigint; promised: bigint }
}

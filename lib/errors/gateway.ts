export type GatewayErrors = {
  'gateway.client-gone': Record<never, never>
  'gateway.field-invalid': { field: string; reason: string }
  'gateway.two-formats': { path: string; field: string }
  /** `reason` is the system’s error code or message. */
  'gateway.upstream-unreachable': { reason: string }
  'gateway.upstream-silent': { seconds: number }
  'gateway.upstream-redirected': Record<never, never>
  'gateway.upstream-status': { status: number }
  'gateway.upstream-format': { reason: string }
  'gateway.upstream-broken': Record<never, never>
  'gateway.answer-too-large': { maxBytes: number }
  'gateway.receipt-unknown': { id: string }
  'gateway.log-failed': { reason: string }
  /** `offset` in bytes. */
  'gateway.log-damaged': { file: string; offset: number }
  'gateway.log-other': { file: string }
  'gateway.books-left': { seconds: number }
  /** Units of one epoch. */
  'gateway.books-cap-differs': { cap: bigint; others: bigint }
  'gateway.operator-runs': { operator: string }
  'gateway.books-in-folder': { folder: string }
  'gateway.books-shared': { folder: string }
  'gateway.other-operator': { operator: string }
  /** Units of one epoch. */
  'gateway.key-cap-reached': { cap: bigint }
  'gateway.payment-missing': { copyId: string; price: bigint }
  'gateway.disclosed-keys-invalid': { file: string; reason: 'unreadable' | 'other-copy' | 'other-root' | 'unproved' }
  'gateway.upstream-other-weights': { asked: number; answered: number; matching: number }
  'gateway.key-unknown': Record<never, never>
  'gateway.key-revoked': { id: string }
  /** Unix seconds. */
  'gateway.key-expired': { expiresAt: number }
  'gateway.key-rate-exceeded': { perMinute: number; seconds: number }
  /** Amounts in USDC of 6 decimals. */
  'gateway.key-budget-spent': { left: bigint; needed: bigint }
  'gateway.keys-unreadable': { file: string; reason: string }
  'gateway.key-not-found': { id: string }
  'gateway.payment-malformed': { reason: string }
  'gateway.payment-other': { field: string; given: string; expected: string }
  /** Seconds of the chain’s time. */
  'gateway.payment-expired': { validBefore: bigint }
  'gateway.payment-too-long': { validBefore: bigint }
  /** Amounts in USDC of 6 decimals. */
  'gateway.payment-too-low': { value: bigint; due: bigint }
  'gateway.payment-refused': { reason: string }
  'gateway.payment-void': Record<never, never>
  'gateway.payment-pending': Record<never, never>
  'gateway.payment-busy': Record<never, never>
  'gateway.payment-differs': { field: string }
  'gateway.payment-id-used': { id: string }
  'gateway.payment-answered': { receipt: string }
  'gateway.voucher-malformed': { reason: string }
  'gateway.voucher-signature': Record<never, never>
  'gateway.voucher-signer': { signer: string }
  'gateway.voucher-other-copy': { given: string; served: string }
  'gateway.voucher-expired': { expiresAt: bigint }
  /** Amounts in USDC of 6 decimals. */
  'gateway.voucher-above-key': { amount: bigint; most: bigint }
  'gateway.voucher-above-reservation': { amount: bigint; available: bigint }
  'gateway.voucher-reservation-leaving': Record<never, never>
  'gateway.voucher-used': Record<never, never>
  'gateway.voucher-units-low': { units: bigint; needed: bigint }
  'gateway.voucher-amount-low': { amount: bigint; needed: bigint }
  'gateway.copy-not-served': { copyId: string; reason: 'unknown' | 'not-active' | 'no-collateral' }
  'gateway.chain-differs': { expected: number; found: number }
  'gateway.contract-missing': { address: string }
  'gateway.url-invalid': { option: string; value: string }
  'gateway.key-file-invalid': { file: string }
  'gateway.option-invalid': { option: string; value: string; expected: string }
  'gateway.upstream-no-models': { url: string }
  'gateway.user-key-unnamed': { key: string; copyId: string }
  'gateway.owner-unproven': Record<never, never>
  'gateway.host-receipt-wrong': { reason: string }
  'gateway.host-distrusted': { reason: string }
  'gateway.budget-spent': { needed: bigint; available: bigint }
}

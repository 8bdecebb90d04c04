import { type ErrorCode, KinmarkError } from '../error'

/** An error as a client is told it, before a format gives it its shape. */
export type WireError = { status: number; code: string; message: string; type: WireErrorType }

type WireErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'payment_required_error'
  | 'rate_limit_error'
  | 'server_error'

/** Statuses of errors; 402 for those of payments, and 502 for those of the upstream, which begin with these. */
const statuses: Partial<Record<ErrorCode, number>> = {
  'serve.content-type-wrong': 415,
  'serve.body-too-large': 413,
  'serve.body-not-json': 400,
  'serve.route-unknown': 404,
  'serve.method-wrong': 405,
  'serve.busy': 503,
  'serve.closing': 503,
  'gateway.field-invalid': 400,
  'gateway.two-formats': 400,
  'gateway.key-unknown': 401,
  'gateway.key-revoked': 401,
  'gateway.key-expired': 401,
  'gateway.key-rate-exceeded': 429,
  'gateway.key-budget-spent': 402,
  'gateway.payment-malformed': 400,
  'gateway.payment-pending': 503,
  'gateway.payment-busy': 409,
  'gateway.payment-differs': 409,
  'gateway.payment-id-used': 409,
  'gateway.payment-answered': 409,
  'gateway.receipt-unknown': 404,
  'gateway.owner-unproven': 401,
  'gateway.upstream-silent': 504,
  'gateway.answer-too-large': 502,
  'gateway.log-failed': 503,
  'gateway.books-left': 503,
  'gateway.key-cap-reached': 503,
}

/** An error as a client is told it. What is not meant for clients is not described to them. */
export function wireErrorOf(error: unknown): WireError {
  if (!(error instanceof KinmarkError))
    return { status: 500, code: 'internal', message: 'The gateway failed.', type: 'server_error' }
  const { code, message }: KinmarkError = error
  const status = statuses[code] ?? statusByName(code)
  return { status, code, message, type: typeOf(status) }
}

function statusByName(code: string): number {
  if (code.startsWith('gateway.voucher-') || code.startsWith('gateway.payment-')) return 402
  return code.startsWith('gateway.upstream-') ? 502 : 500
}

function typeOf(status: number): WireErrorType {
  if (status === 401 || status === 403) return 'authentication_error'
  if (status === 402) return 'payment_required_error'
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}

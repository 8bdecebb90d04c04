import { type ErrorCode, KinmarkError } from '../error'

type Known = { status: number; code?: string; field?: string }

/** Errors whose status is not 400, or that OpenAI has a code of its own for. */
const known: Partial<Record<ErrorCode, Known>> = {
  'serve.busy': { status: 503 },
  'serve.closing': { status: 503 },
  'serve.key-invalid': { status: 401, code: 'invalid_api_key' },
  'serve.host-unknown': { status: 403 },
  'serve.route-unknown': { status: 404 },
  'serve.method-wrong': { status: 405 },
  'serve.content-type-wrong': { status: 415 },
  'serve.body-too-large': { status: 413 },
  'serve.model-unknown': { status: 404, code: 'model_not_found', field: 'model' },
  'serve.prompt-too-long': { status: 400, code: 'context_length_exceeded', field: 'prompt' },
  'weights.chat-template-failed': { status: 400, field: 'messages' },
}

export type WireError = {
  status: number
  body: { error: { message: string; type: string; param: string | null; code: string | null } }
}

/** An error in OpenAI’s shape. What is not the client’s fault is not described to it. */
export function wireError(error: unknown): WireError {
  if (!(error instanceof KinmarkError)) return shaped(500, 'The server failed.', null, null)
  const { code, facts, message }: KinmarkError = error
  const found = known[code] ?? { status: code.startsWith('serve.') ? 400 : 500 }
  if (found.status === 500 || code === 'serve.logits-not-finite') return shaped(500, message, null, code)
  const field = 'field' in facts ? facts.field : found.field
  return shaped(found.status, message, field ?? null, found.code ?? code)
}

function shaped(status: number, message: string, param: string | null, code: string | null): WireError {
  const type = status >= 500 ? 'server_error' : 'invalid_request_error'
  return { status, body: { error: { message, type, param, code } } }
}

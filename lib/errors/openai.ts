export type OpenaiErrors = {
  'openai.address-invalid': { address: string }
  'openai.address-has-credentials': { host: string }
  'openai.address-incomplete': { path: string }
  'openai.address-private': { host: string; address: string }
  'openai.redirected': { host: string; location: string }
  'openai.answer-too-long': { host: string; maxBytes: number }
  'openai.timeout': { host: string; seconds: number }
  /** `reason` is the system's error code or message. */
  'openai.unreachable': { host: string; reason: string }
  /** `body` is the beginning of the answer. */
  'openai.bad-status': { host: string; status: number; body: string }
  'openai.bad-answer': { host: string; body: string }
  /** `line` from 1; `text` is its beginning. */
  'openai.transcript-invalid': { line: number; text: string }
}

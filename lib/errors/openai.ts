export type OpenaiErrors = {
  'openai.address-invalid': { address: string }
  'openai.address-has-credentials': { host: string }
  'openai.address-incomplete': { path: string }
  'openai.answer-too-long': { host: string; maxBytes: number }
  /** `body` is the beginning of the answer. */
  'openai.bad-status': { host: string; status: number; body: string }
  'openai.bad-answer': { host: string; body: string }
  /** `line` from 1; `text` is its beginning. */
  'openai.transcript-invalid': { line: number; text: string }
}

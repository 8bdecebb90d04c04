export type ServeErrors = {
  'serve.tokenizer-missing': { folder: string }
  'serve.address-unusable': { host: string; port: number; reason: string }
  'serve.logits-not-finite': Record<never, never>
  /** `waiting`: requests before it. */
  'serve.busy': { waiting: number }
  'serve.closing': Record<never, never>
  'serve.client-gone': Record<never, never>
  'serve.key-invalid': Record<never, never>
  'serve.host-unknown': { host: string }
  'serve.route-unknown': { method: string; path: string }
  'serve.method-wrong': { method: string; path: string; allowed: string }
  'serve.content-type-wrong': { contentType: string }
  /** Bytes. */
  'serve.body-too-large': { limit: number }
  'serve.body-not-json': { reason: string }
  'serve.field-invalid': { field: string; reason: string }
  'serve.field-unsupported': { field: string }
  'serve.model-unknown': { model: string; served: string }
  'serve.chat-template-missing': { model: string }
  /** `limit`: tokens of a prompt and its answer together. */
  'serve.prompt-too-long': { tokens: number; limit: number }
}

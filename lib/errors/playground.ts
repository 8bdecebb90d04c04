export type PlaygroundErrors = {
  'playground.tokenizer-missing': Record<never, never>
  /** `limit`: tokens of a prompt and its completion together. */
  'playground.prompt-too-long': { tokens: number; limit: number }
  'playground.logits-not-finite': Record<never, never>
  'playground.half-precision-overflow': Record<never, never>
  /** Bytes. */
  'playground.page-memory-too-small': { needed: number; limit: number }
  /** Bytes. */
  'playground.device-memory-too-small': { needed: number; memory: number }
}

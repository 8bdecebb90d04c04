/** One quality limit that a copy misses. */
type Shortfall = {
  measure: 'agreement' | 'int8' | 'int4' | 'loss' | 'divergence'
  value: number
  limit: number
}

export type FingerprintErrors = {
  'fingerprint.secret-length': { length: number }
  'fingerprint.key-count': { keys: number; min: number; max: number }
  'fingerprint.layers-invalid': { layers: readonly number[]; depth: number }
  'fingerprint.edit-overflow': { tensor: string; dtype: string }
  'fingerprint.quality-too-low': { shortfalls: readonly Shortfall[] }
  /** SHA-256 over the tensors to edit, in hex. */
  'fingerprint.other-base': { expected: string; found: string }
  'fingerprint.not-positive-definite': { size: number; pivot: number; value: number }
  'fingerprint.not-a-preparation': Record<never, never>
  'fingerprint.format-unsupported': { format: number; supported: number }
  'fingerprint.truncated': { bytes: number; section: number }
  'fingerprint.section-missing': { section: number; sections: number }
  'fingerprint.matrix-size': { numbers: number; rows: number; cols: number }
  'fingerprint.copy-unknown': { copyId: string; copies: number }
  'fingerprint.token-outside-vocabulary': { token: number; vocab: number }
  'fingerprint.keys-not-text': { keys: number }
  'fingerprint.no-answers': Record<never, never>
  'fingerprint.fine-tune-marked': Record<never, never>
  'fingerprint.votes-count': { votes: number; keys: number }
  'fingerprint.ties-too-few': { keys: number; ties: number }
}

/** A tensor by its name, and the path of the file that lists it. */
type InFile = { tensor: string; path: string }

/**
 * Faults of a model's folder. Paths are relative to the folder. `source` is the path of the file that the config comes
 * from: `config.json`, or a GGUF file whose metadata stands in for it. Lengths and offsets are in bytes.
 */
export type WeightsErrors = {
  'weights.file-name-invalid': { path: string; limit: number }
  'weights.file-twice': { path: string }
  'weights.file-missing': { path: string }
  'weights.file-empty': { path: string }
  /** `path` is null for a blob without a name. */
  'weights.file-changed': { path: string | null }
  'weights.wrong-format': { path: string; format: SniffedFormat }
  'weights.chat-template-missing': Record<never, never>
  'weights.config-missing': { path: string }
  'weights.no-weights': Record<never, never>
  /** Files that are not part of the model: other weights, pickles. */
  'weights.leave-out': { paths: readonly string[] }
  /** `base` is the model that the adapter was trained on, as its config names it. */
  'weights.adapter': { path: string; base: string | null }
  /** `method` is PEFT's name of it. */
  'weights.adapter-unsupported': { method: string }
  'weights.adapter-target-unknown': InFile
  'weights.quantised': { path: string; method: string }
  'weights.several-gguf-files': { paths: readonly string[] }
  'weights.gguf-not-publishable': { path: string }

  'weights.text-too-long': { path: string; byteLength: number; limit: number }
  'weights.not-utf8': { path: string }
  'weights.not-json': { path: string }
  'weights.card-too-long': { length: number; limit: number }
  'weights.front-matter-too-long': { length: number; limit: number }
  /** `line` counts from 1 in `README.md`; null if it is unknown. */
  'weights.front-matter-not-yaml': { line: number | null }
  /** `field` is null where the whole is not a mapping; `reason` is the validator's own. */
  'weights.front-matter-invalid': { field: string | null; reason: string; line: number | null }
  'weights.card-not-utf8': { line: number }
  'weights.tokenizer-invalid': { path: string }
  'weights.tokenizer-config-invalid': { path: string }
  'weights.end-tokens-invalid': { path: string }
  'weights.chat-template-too-long': { length: number; limit: number }
  'weights.chat-template-invalid': { reason: string }
  'weights.chat-template-failed': { reason: string }

  'weights.model-type-missing': { source: string }
  'weights.family-unsupported': {
    source: string
    modelType: string
    architecture: string | null
    supported: readonly string[]
  }
  'weights.kind-unsupported': { source: string; modelType: string; kind: UnsupportedKind }
  'weights.cannot-export': { family: string }
  /** `value` is the setting's JSON. */
  'weights.setting-unsupported': { source: string; setting: string; value: string }
  'weights.setting-invalid': { source: string; setting: string; reason: string }
  'weights.setting-not-multiple': { source: string; setting: string; value: number; of: string; divisor: number }
  'weights.setting-wrong-length': { source: string; setting: string; length: number; expected: number }
  'weights.bos-outside-vocabulary': { source: string; token: number; vocab: number }
  'weights.rotary-dimensions-odd': { source: string; dimensions: number; headDim: number }
  'weights.cannot-fingerprint': { family: string; supported: readonly string[] }

  /** `length` is null where the format does not announce it. */
  'weights.header-too-long': { path: string; length: bigint | null; limit: number }
  'weights.header-past-end': { path: string; length: bigint; available: number }
  'weights.header-cut-short': { path: string; byteLength: number }
  'weights.header-not-utf8': { path: string }
  'weights.header-not-json': { path: string }
  'weights.header-not-object': { path: string }
  'weights.header-too-deep': { path: string; limit: number }
  'weights.header-name-invalid': { path: string; limit: number }
  'weights.listed-twice': { path: string; name: string }
  'weights.too-many-tensors': { path: string; count: number; limit: number }
  'weights.too-many-values': { path: string; count: number; limit: number }
  'weights.safetensors-too-short': { path: string; byteLength: number; minimum: number }
  'weights.not-safetensors': { path: string }
  'weights.metadata-not-object': { path: string }
  'weights.metadata-field-not-json': { path: string; field: string }
  'weights.index-invalid': { path: string }
  /** `actual` is null where no file holds the tensor. */
  'weights.index-mismatch': { path: string; tensor: string; listed: string; actual: string | null }

  'weights.not-gguf': { path: string }
  'weights.gguf-version-unsupported': { path: string; version: number; supported: readonly number[] }
  'weights.gguf-big-endian': { path: string }
  /** `path` is the name that the missing part would have. */
  'weights.gguf-part-missing': { path: string; count: number }
  'weights.gguf-parts-mismatch': { path: string; expected: number; found: string }
  'weights.gguf-tokenizer-unsupported': { path: string; model: string; supported: readonly string[] }
  'weights.gguf-tokenizer-invalid': { path: string; field: string }
  'weights.gguf-pre-tokenizer-unknown': { path: string; name: string }
  'weights.gguf-alignment-invalid': { path: string; alignment: string; limit: number }
  'weights.gguf-count-too-large': { path: string; count: bigint }
  'weights.gguf-value-type-unknown': { path: string; type: number }
  'weights.gguf-architecture-unsupported': { path: string; architecture: string; supported: readonly string[] }
  'weights.mixture-of-experts': { path: string }
  'weights.rope-factors-too-long': InFile & { byteLength: number; limit: number }
  'weights.rope-factor-unexpected': InFile & { index: number; found: number; expected: number }

  'weights.tensor-unknown': { tensor: string }
  'weights.tensor-missing': { tensor: string; source: string; shape: readonly number[] }
  'weights.tensor-unexpected': InFile & { source: string }
  'weights.tensor-twice': { tensor: string; paths: readonly [string, string] }
  'weights.tensor-not-described': InFile
  'weights.tensor-type-unknown': InFile & { type: string }
  'weights.tensor-type-unsupported': InFile & { type: string; supported: readonly string[] }
  'weights.tensor-too-large': InFile & { shape: readonly number[]; byteLength: bigint }
  'weights.shape-invalid': InFile & { limit: number }
  'weights.shape-mismatch': InFile & { source: string; shape: readonly number[]; expected: readonly number[] }
  'weights.too-many-dimensions': InFile & { dimensions: number; limit: number }
  'weights.row-not-whole-blocks': InFile & { row: number; type: string; block: number }
  'weights.offsets-invalid': InFile
  'weights.offsets-mismatch': InFile & {
    shape: readonly number[]
    type: string
    byteLength: bigint
    begin: number
    end: number
  }
  'weights.tensor-cut-short': InFile & { end: number; fileLength: number }
  /** The data before the tensor end at `expected`. */
  'weights.tensors-not-contiguous': InFile & { begin: number; expected: number }
  'weights.trailing-bytes': { path: string; fileLength: number; end: number }

  /** `why`: what of the model llama.cpp’s files cannot say, or this program cannot write. */
  'weights.cannot-write-gguf': { family: string; why: 'family' | 'positions' | 'biases' | 'tokenizer' }

  'weights.edit-wrong-length': { tensor: string; length: number; expected: number }
  'weights.edit-missing': { tensor: string }
  'weights.not-delta': { path: string }
  'weights.delta-format-unsupported': { path: string; format: string; supported: string }
  'weights.delta-base-invalid': { path: string }
  /** SHA-256 in hex; `expected` is null where the metadata has none for the tensor. */
  'weights.hash-mismatch': InFile & { found: string; expected: string | null }
}

/** Kinds of models that do not run. */
export type UnsupportedKind = 'experts' | 'images' | 'sound' | 'translation' | 'encoder' | 'recurrent' | 'diffusion'

export type SniffedFormat = 'pickle' | 'gguf' | 'hdf5' | 'gzip' | 'lfs-pointer' | 'web-page' | 'error-message'

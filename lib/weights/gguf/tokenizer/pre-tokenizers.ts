/**
 * How a byte-level BPE splits a text before merging, by the name in `tokenizer.ggml.pre`. The expressions are those of
 * each model's tokenizer.json; which name means which is in llama.cpp's
 * https://github.com/ggml-org/llama.cpp/blob/master/src/llama-vocab.cpp.
 */
export type PreTokenizer = {
  /** Each splits what the ones before it left whole; what matches and what does not become pieces of their own. */
  splits: readonly string[]
  /** A piece that is a token of its own is not built from merges. */
  wholePieces?: true
  /** A prompt begins with the first token unless the file says otherwise. */
  addsBos?: true
}

const shortening = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])"
const blanks = '\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+'
const signs = ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*'
const gpt2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"
const gpt4 = (digits: string) => `${shortening}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}|${signs}|${blanks}`
const upper = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]'
const lower = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]'
/** Splits before a word's capitals too. */
const cased = (digits: string, after: string) =>
  `[^\\r\\n\\p{L}\\p{N}]?${upper}*${lower}+${after}|[^\\r\\n\\p{L}\\p{N}]?${upper}+${lower}*${after}|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${blanks}`
const deepseek = [
  '\\p{N}{1,3}',
  '[一-龥぀-ゟ゠-ヿ]+',
  `[!"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_\`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|${blanks}`,
]

const llama3: PreTokenizer = { splits: [gpt4('\\p{N}{1,3}')], wholePieces: true, addsBos: true }
const qwen2: PreTokenizer = { splits: [gpt4('\\p{N}')] }
const plain: PreTokenizer = { splits: [gpt2] }
const singleDigits: PreTokenizer = { splits: ['\\p{N}', gpt2] }

const named = (row: PreTokenizer, ...names: string[]) => Object.fromEntries(names.map((name) => [name, row]))

export const preTokenizers: Readonly<Record<string, PreTokenizer>> = {
  default: { splits: ['[\\p{P}\\$\\+<=>\\^~\\|]+', gpt2, '\\p{N}+', '[0-9][0-9][0-9]'] },
  ...named(plain, 'gpt-2', 'phi-2', 'mpt', 'olmo', 'jais', 'trillion', 'granite-docling', 'exaone4', 'gigachat'),
  ...named(plain, 'a.x-4.0', 'mellum', 'modern-bert', 'jina-v1-en', 'jina-v2-code', 'roberta-bpe'),
  ...named(singleDigits, 'smollm', 'starcoder', 'refact', 'command-r', 'codeshell', 'exaone', 'minerva-7b', 'mellum2'),
  ...named(llama3, 'llama-bpe', 'llama3', 'llama-v3', 'falcon3', 'falcon-h1', 'pixtral', 'midm-2.0', 'lfm2'),
  ...named({ splits: llama3.splits }, 'dbrx', 'smaug-bpe', 'glm4', 'chatglm-bpe'),
  ...named(qwen2, 'qwen2', 'deepseek-r1-qwen', 'kormo', 'megrez', 'stablelm2', 'hunyuan', 'solar-open', 'grok-2'),
  qwen35: {
    splits: [
      `${shortening}|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|${blanks}`,
    ],
  },
  tekken: { splits: [cased('\\p{N}', '')], wholePieces: true, addsBos: true },
  ...named({ splits: [cased('\\p{N}{1,3}', `${shortening}?`)] }, 'gpt-4o', 'llama4', 'kanana2', 'minimax-m2'),
  ...named({ splits: deepseek }, 'deepseek-v3', 'hunyuan-dense', 'joyai-llm'),
  'seed-coder': {
    splits: [`${shortening}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|${blanks}`],
  },
}

/** How a `tokenizer.json` splits a text, as far as a GGUF file can say it. */
type StatedSplit = {
  type: string
  pretokenizers?: StatedSplit[]
  pattern?: { Regex?: string }
  behavior?: string
  individual_digits?: boolean
  add_prefix_space?: boolean
  use_regex?: boolean
}

/** The name for `tokenizer.ggml.pre` of a way to split; null where none is known. `wholePieces` as in `PreTokenizer`. */
export function preTokenizerName(stated: StatedSplit, wholePieces: boolean): string | null {
  const splits = splitsOf(stated)
  const found = Object.entries(preTokenizers).find(
    ([, row]) => (row.wholePieces ?? false) === wholePieces && splits !== null && `${row.splits}` === `${splits}`,
  )
  return found?.[0] ?? null
}

function splitsOf(stated: StatedSplit): string[] | null {
  switch (stated.type) {
    case 'Sequence': {
      const parts = (stated.pretokenizers ?? []).map(splitsOf)
      return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? [])
    }
    case 'ByteLevel':
      if (stated.add_prefix_space !== false) return null
      return stated.use_regex === false ? [] : [gpt2]
    case 'Digits':
      return stated.individual_digits ? ['\\p{N}'] : null
    case 'Split':
      if (stated.behavior !== 'Isolated' || !stated.pattern?.Regex) return null
      return [stated.pattern.Regex.replace("(?i:'s|'t|'re|'ve|'m|'ll|'d)", shortening)]
    default:
      return null
  }
}

import { parse } from 'yaml'
import { z } from 'zod'
import { LegacyError } from '../../error'

/** A model card: `README.md`, Markdown with YAML front matter as on Hugging Face. */
export type Card = {
  /** First heading, or null. */
  title: string | null
  /** First paragraph as plain text. */
  summary: string
  licence: string | null
  task: string | null
  tags: string[]
  languages: string[]
  baseModels: string[]
  /** The Markdown without its front matter. */
  body: string
}

const cardLimit = 1_048_576
const frontMatterLimit = 65_536

const line = z.string().max(200)
const lines = z.union([line.transform((text) => [text]), z.array(line).max(100)]).nullish()
const schema = z.object({
  license: line.nullish(),
  pipeline_tag: line.nullish(),
  tags: lines,
  language: lines,
  base_model: lines,
})

export function readCard(markdown: string): Card {
  if (markdown.length > cardLimit)
    throw new LegacyError(`“README.md” has ${markdown.length} characters; a model card may have ${cardLimit}.`)
  const match = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n?---[ \t]*(?:\r?\n|$)/.exec(markdown)
  const matter = frontMatter(match?.[1] ?? '')
  const body = markdown.slice(match?.[0].length ?? 0).trim()
  return {
    title: /^#\s+(.+)$/m.exec(body)?.[1].trim() ?? null,
    summary: summaryOf(body),
    licence: matter.license ?? null,
    task: matter.pipeline_tag ?? null,
    tags: matter.tags ?? [],
    languages: matter.language ?? [],
    baseModels: matter.base_model ?? [],
    body,
  }
}

/** Aliases are refused: ten lines of them can stand for a billion nodes. */
function frontMatter(text: string): z.infer<typeof schema> {
  if (text.length > frontMatterLimit)
    throw new LegacyError(
      `The front matter of “README.md” has ${text.length} characters; at most ${frontMatterLimit} are read.`,
    )
  let yaml: unknown
  try {
    yaml = parse(text, { schema: 'core', maxAliasCount: 0, logLevel: 'error' }) ?? {}
  } catch (cause) {
    throw new LegacyError('The front matter of “README.md” is not plain YAML without aliases.', { cause })
  }
  const parsed = schema.safeParse(yaml)
  if (parsed.success) return parsed.data
  const [{ path, message }] = parsed.error.issues
  throw new LegacyError(`The front matter of “README.md”: ${path.join('.') || 'the whole'}: ${message}.`)
}

function summaryOf(body: string): string {
  const paragraph = body
    .split(/\r?\n\s*\r?\n|\r?\n(?=#)|(?<=^#.*)\r?\n/m)
    .find((part) => /^(?!```)[^\s#<!|\-*=>[]/.test(part))
  const plain = (paragraph ?? '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  return plain.length > 300 ? `${plain.slice(0, 299)}…` : plain
}

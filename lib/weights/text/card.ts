import { parse, YAMLParseError } from 'yaml'
import { z } from 'zod'
import { KinmarkError } from '../../error'
import { plainLine } from '../../manifest/plain-line'

/** A model card: the Markdown of `README.md` with YAML front matter, as on Hugging Face. */
export type Card = {
  /** The first heading, at most 200 characters. */
  title: string | null
  /** The first paragraph as plain text, at most 300 characters. */
  summary: string
  /** At most 200 characters. */
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

/** What metadata may have in a line: a model with more would be registered, and never shown. */
const lineLimit = 200
const line = z.string().max(lineLimit)
const lines = z.union([line.transform((text) => [text]), z.array(line).max(100)]).nullish()
const schema = z.object({
  license: lines,
  pipeline_tag: line.nullish(),
  tags: lines,
  language: lines,
  base_model: lines,
})

/** Throws if the card or its front matter is too long, or the front matter is not plain YAML with usable fields. */
export function readCard(markdown: string): Card {
  if (markdown.length > cardLimit)
    throw new KinmarkError('weights.card-too-long', { length: markdown.length, limit: cardLimit })
  const match = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n?---[ \t]*(?:\r?\n|$)/.exec(markdown)
  const matter = frontMatter(match?.[1] ?? '')
  const body = markdown.slice(match?.[0].length ?? 0).trim()
  return {
    title: titleOf(body),
    summary: summaryOf(body),
    licence: matter.license ? cut(matter.license.join(', '), lineLimit) : null,
    task: matter.pipeline_tag ?? null,
    tags: matter.tags ?? [],
    languages: matter.language ?? [],
    baseModels: matter.base_model ?? [],
    body,
  }
}

/** Rejects YAML aliases, because ten lines of them can expand to a billion nodes. */
function frontMatter(text: string): z.infer<typeof schema> {
  if (text.length > frontMatterLimit)
    throw new KinmarkError('weights.front-matter-too-long', { length: text.length, limit: frontMatterLimit })
  let yaml: unknown
  try {
    yaml = parse(text, { schema: 'core', maxAliasCount: 0, logLevel: 'error' }) ?? {}
  } catch (cause) {
    const at = cause instanceof YAMLParseError ? (cause.linePos?.[0].line ?? null) : null
    throw new KinmarkError('weights.front-matter-not-yaml', { line: at && at + 1 }, { cause })
  }
  const parsed = schema.safeParse(yaml)
  if (parsed.success) return parsed.data
  const [{ path, message }] = parsed.error.issues
  const field = path.join('.') || null
  const at = text.split('\n').findIndex((each) => each.startsWith(`${String(path[0])}:`))
  throw new KinmarkError('weights.front-matter-invalid', { field, reason: message, line: at < 0 ? null : at + 2 })
}

/** Longer lines and paragraphs are cut before they are searched. */
const searched = 1000

/** The first heading that is not an example in a code block: `# Name`, `Name` over `===`, or `<h1>Name</h1>`. */
function titleOf(body: string): string | null {
  const lines = withoutCode(body)
  for (const [i, whole] of lines.entries()) {
    const line = whole.slice(0, searched).trim()
    const heading = /^#[ \t]/.test(line) ? line.replace(/^#+|#+$/g, '') : null
    const underlined = /^=+$/.test(lines[i + 1]?.trim() ?? '') && /^[^#<>|]/.test(line) ? line : null
    const tagged = /^<h1[ >]/i.test(line) ? [line, lines[i + 1] ?? ''].join(' ').slice(0, searched) : null
    const title = plainText(heading ?? underlined ?? tagged ?? '')
    if (title) return cut(title, lineLimit)
  }
  return null
}

/** The lines of a card outside of code blocks. */
function withoutCode(body: string): string[] {
  let fence: string | null = null
  return body.split(/\r?\n/).filter((line) => {
    const [, mark] = /^ {0,3}(```+|~~~+)/.exec(line) ?? []
    const inside = fence !== null || mark !== undefined
    if (fence === null) fence = mark ?? null
    else if (mark?.startsWith(fence) && line.trim() === mark) fence = null
    return !inside
  })
}

/** Markdown of one paragraph without its marks. */
function plainText(markdown: string): string {
  return plainLine(
    markdown
      .replace(/<[^>]{0,400}>/g, '')
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[*_`]{1,3}(\S(?:.*?\S)?)[*_`]{1,3}/g, '$1'),
  )
}

function summaryOf(body: string): string {
  const paragraph = paragraphsOf(withoutCode(body)).find((part) => /^[^\s#<!|\-*=>[]/.test(part))
  return cut(plainText((paragraph ?? '').slice(0, searched)), 300)
}

/** A blank line ends a paragraph, and a heading is one of its own. Not one regular expression: that is slow on long lines. */
function paragraphsOf(lines: readonly string[]): string[] {
  const paragraphs: string[] = []
  let open = false
  for (const line of lines) {
    const heading = line.startsWith('#')
    if (line.trim() === '') open = false
    else if (open && !heading) paragraphs.push(`${paragraphs.pop()}\n${line}`)
    else {
      paragraphs.push(line)
      open = !heading
    }
  }
  return paragraphs
}

/** At most so many UTF-16 units, without half of a character at the end. */
function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : text
}

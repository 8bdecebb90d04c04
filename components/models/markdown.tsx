import ReactMarkdown from 'react-markdown'
import rehypeKatex from 'rehype-katex'
import rehypeRaw from 'rehype-raw'
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize'
import rehypeSlug from 'rehype-slug'
import remarkGfm from 'remark-gfm'
import remarkMath from 'remark-math'
import { type CardHome, cardHref, cardPicture } from './card-links'

/** What GitHub allows in Markdown, and formulas, which KaTeX turns into MathML after that. */
const schema = {
  ...defaultSchema,
  attributes: {
    ...defaultSchema.attributes,
    code: [['className', /^language-./, 'math-inline', 'math-display'] as [string, ...(string | RegExp)[]]],
  },
}

/** Bidi controls, which turn the text after them. The words’ own scripts say their direction. */
const turning = /[\u202A-\u202E\u2066-\u2069]/g

/** Deeper quotes, lists and elements than any card needs, which would exhaust the stack. */
const deepest = 100

/**
 * A model card. Only harmless HTML of it is rendered. Relative links lead to the model’s own files, whose pictures are
 * shown; other images become links, so that opening a card sends no request to third parties.
 */
export function Markdown({ source, home }: { source: string; home: CardHome }) {
  if (source.trim() === '') return <p className="text-muted">This model has no card.</p>
  if (isTooDeep(source)) return <pre className="text-sm whitespace-pre-wrap wrap-anywhere">{source}</pre>
  return (
    <div className="prose max-w-none" dir="auto">
      <ReactMarkdown
        remarkPlugins={[remarkGfm, remarkMath]}
        rehypePlugins={[
          rehypeRaw,
          rehypeSlug,
          [rehypeSanitize, schema],
          [rehypeKatex, { output: 'mathml', maxExpand: 100 }],
        ]}
        components={{
          h1: ({ children, id }) => <h2 id={id}>{children}</h2>,
          h2: ({ children, id }) => <h3 id={id}>{children}</h3>,
          h3: ({ children, id }) => <h4 id={id}>{children}</h4>,
          img: ({ src, alt }) => {
            const own = cardPicture(src, home)
            // biome-ignore lint/performance/noImgElement: its size is unknown, and the server keeps no resized ones
            if (own) return <img src={own} alt={alt ?? ''} loading="lazy" decoding="async" />
            const href = typeof src === 'string' ? cardHref(src, home) : null
            return href ? <Away href={href}>{alt || 'Image'}</Away> : <span>{alt}</span>
          },
          a: ({ href, children }) => {
            const to = cardHref(href, home)
            if (to === null) return <span>{children}</span>
            return to.startsWith('#') ? <a href={to}>{children}</a> : <Away href={to}>{children}</Away>
          },
          table: ({ children }) => (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, so the keyboard must reach it
            <table tabIndex={0}>{children}</table>
          ),
        }}
      >
        {source.replace(turning, '')}
      </ReactMarkdown>
    </div>
  )
}

function Away({ href, children }: { href: string; children: React.ReactNode }) {
  return (
    <a href={href} rel="noreferrer nofollow ugc" target="_blank">
      {children}
    </a>
  )
}

function isTooDeep(source: string): boolean {
  const marks = /^[ \t>*+\-\d.)]*/gm
  const nested = (source.match(marks) ?? []).some((start) => start.replace(/[^>*+\-\d]/g, '').length > deepest)
  let open = 0
  let most = 0
  for (const [tag] of source.matchAll(/<\/?[a-z]/gi)) {
    open = tag.startsWith('</') ? Math.max(0, open - 1) : open + 1
    most = Math.max(most, open)
  }
  return nested || most > 20 * deepest
}

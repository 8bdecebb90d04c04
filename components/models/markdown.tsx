import ReactMarkdown from 'react-markdown'
import remarkGfm from 'remark-gfm'

/**
 * A model card. Raw HTML in it is not rendered and links of unknown protocols are dropped (react-markdown's default);
 * images become links, so that opening a card sends no request to third parties.
 */
export function Markdown({ source }: { source: string }) {
  if (source.trim() === '') return <p className="text-muted">This model has no card.</p>
  return (
    <div className="prose max-w-none">
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        components={{
          h1: ({ children }) => <h2>{children}</h2>,
          h2: ({ children }) => <h3>{children}</h3>,
          h3: ({ children }) => <h4>{children}</h4>,
          img: ({ src, alt }) => (typeof src === 'string' ? <a href={src}>{alt || 'Image'}</a> : null),
          a: ({ href, children }) => (
            <a href={href} rel="noreferrer nofollow ugc" target="_blank">
              {children}
            </a>
          ),
          table: ({ children }) => (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, so the keyboard must reach it
            <table tabIndex={0}>{children}</table>
          ),
        }}
      >
        {source}
      </ReactMarkdown>
    </div>
  )
}

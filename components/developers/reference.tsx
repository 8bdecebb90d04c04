import Link from 'next/link'
import { Panel } from '@/components/ui/card'
import { Page, PageTitle } from '@/components/ui/page'
import { type EndpointName, endpoints } from '@/lib/api/endpoints'
import { examplesOf } from './examples'

const tags = [...new Set(Object.values(endpoints).map(({ tag }) => tag))]

/** The public API, from the same table that answers it. `site`: this market's address. */
export function Reference({ site }: { site: string }) {
  return (
    <Page>
      <PageTitle title="The API">
        Everything that these pages show, for programs. Reading needs no account; an{' '}
        <Link href="/tokens" className="underline underline-offset-4">
          API token
        </Link>{' '}
        has limits of its own and downloads your copies. The description in OpenAPI 3.1 is at{' '}
        <a href="/api/v1/openapi.json" className="underline underline-offset-4">
          /api/v1/openapi.json
        </a>
        .
      </PageTitle>
      <div className="mb-8 max-w-prose space-y-3 text-sm text-muted">
        <p>Amounts are decimal strings in millionths of a USDC. Times are Unix seconds.</p>
        <p>
          Lists have pages: ask for the next one with <code>cursor</code> set to <code>next</code>, until it is null.
        </p>
        <p>
          An error is a problem (RFC 9457) with a <code>code</code> and its <code>facts</code>. Send the{' '}
          <code>ETag</code> of an answer as <code>If-None-Match</code>: 304 says that nothing has changed. The header{' '}
          <code>RateLimit</code> says how many requests are left.
        </p>
      </div>
      {tags.map((tag) => (
        <section key={tag} aria-label={tag} className="mb-10">
          <h2 className="mb-3 text-lg font-semibold tracking-tight">{tag}</h2>
          <div className="space-y-4">
            {Object.entries(endpoints)
              .filter(([, endpoint]) => endpoint.tag === tag)
              .map(([name]) => (
                <Endpoint key={name} name={name as EndpointName} site={site} />
              ))}
          </div>
        </section>
      ))}
    </Page>
  )
}

function Endpoint({ name, site }: { name: EndpointName; site: string }) {
  const { path, summary, params, query, answer } = endpoints[name]
  const given = [...Object.entries(params.shape), ...Object.entries(query.shape)]
  return (
    <Panel title={summary} note={<code className="wrap-anywhere">GET /api/v1{path}</code>}>
      {given.length > 0 && <Names title="Parameters" names={given.map(([parameter]) => parameter)} />}
      <Names title="Answer" names={Object.keys(answer.shape)} />
      <details className="mt-3 text-sm">
        <summary className="cursor-pointer">Examples</summary>
        {Object.entries(examplesOf(name, site)).map(([language, code]) => (
          <figure key={language} className="mt-3">
            <figcaption className="mb-1 text-muted">{language}</figcaption>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: A region that scrolls is reached by the keyboard. */}
            <pre tabIndex={0} className="overflow-x-auto rounded-lg bg-sunken p-3 text-xs">
              {code}
            </pre>
          </figure>
        ))}
      </details>
    </Panel>
  )
}

function Names({ title, names }: { title: string; names: string[] }) {
  return (
    <p className="mt-1 text-sm wrap-anywhere">
      <span className="text-muted">{title}: </span>
      {names.map((name, i) => (
        <span key={name}>
          {i > 0 && ', '}
          <code>{name}</code>
        </span>
      ))}
    </p>
  )
}

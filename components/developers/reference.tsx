import { Panel } from '@/components/ui/card'
import { Link } from '@/components/ui/link'
import { Page, PageTitle } from '@/components/ui/page'
import { type EndpointName, endpoints } from '@/lib/api/endpoints'
import { webhookEvents } from '@/lib/api/webhooks'
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
      <Messages />
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

/** What webhooks tell, and how a receiver checks it. */
function Messages() {
  return (
    <section aria-label="Messages of webhooks" className="mb-10">
      <h2 className="mb-3 text-lg font-semibold tracking-tight">Messages of webhooks</h2>
      <Panel title="Check the signature" className="mb-4">
        <p className="text-sm">
          Messages follow{' '}
          <a href="https://www.standardwebhooks.com" className="underline underline-offset-4">
            Standard Webhooks
          </a>
          , whose libraries for ten languages check them. A message tells what is in a block that cannot be undone. It
          may come twice, so ignore a <code>webhook-id</code> that you have seen. Answer with a status from 200 to 299
          within ten seconds; anything else is sent again, later each time, for three days.
        </p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: A region that scrolls is reached by the keyboard. */}
        <pre tabIndex={0} className="mt-3 overflow-x-auto rounded-lg bg-sunken p-3 text-xs">
          {receiver}
        </pre>
      </Panel>
      <Panel title="What is told">
        <ul className="space-y-2 text-sm">
          {Object.entries(webhookEvents).map(([type, { summary, topic, data }]) => (
            <li key={type} className="wrap-anywhere">
              <code>{type}</code> ({topic}): {summary}.
              <span className="block text-muted">
                <code>{Object.keys(data.shape).join(', ')}</code>
              </span>
            </li>
          ))}
        </ul>
      </Panel>
    </section>
  )
}

const receiver = `import { Webhook } from 'standardwebhooks'

const webhook = new Webhook(process.env.KINMARK_WEBHOOK_SECRET)
const { type, data } = webhook.verify(body, headers) // the body as it came, before it is parsed`

function Endpoint({ name, site }: { name: EndpointName; site: string }) {
  const { method, path, summary, scope, params, query, body, answer } = endpoints[name]
  const given = [params, query, body].flatMap(({ shape }) => Object.entries(shape))
  return (
    <Panel
      title={summary}
      note={
        <code className="wrap-anywhere">
          {method.toUpperCase()} /api/v1{path}
        </code>
      }
    >
      {scope && (
        <p className="mt-1 text-sm">
          <span className="text-muted">Needs a token with the scope </span>
          <code>{scope}</code>
        </p>
      )}
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

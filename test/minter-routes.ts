import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { NextRequest } from 'next/server'
import * as blob from '../app/api/minter/blobs/[sha256]/route'
import * as blobs from '../app/api/minter/blobs/route'
import * as uploaded from '../app/api/minter/blobs/uploaded/route'
import * as artifact from '../app/api/minter/leases/[id]/[attempt]/artifact/route'
import * as complete from '../app/api/minter/leases/[id]/[attempt]/complete/route'
import * as fail from '../app/api/minter/leases/[id]/[attempt]/fail/route'
import * as heartbeat from '../app/api/minter/leases/[id]/[attempt]/heartbeat/route'
import * as listeningProgress from '../app/api/minter/listenings/progress/route'
import * as quote from '../app/api/minter/quotes/[id]/route'
import * as requests from '../app/api/minter/requests/route'
import * as stepClaim from '../app/api/minter/steps/claim/route'
import * as stepEnd from '../app/api/minter/steps/end/route'
import * as steps from '../app/api/minter/steps/route'
import * as progress from '../app/api/minter/versions/progress/route'
import * as work from '../app/api/minter/work/route'
import * as v1 from '../app/api/v1/[...path]/route'

type Handler = (request: NextRequest, given: { params: Promise<never> }) => Promise<Response>

const lease = '/api/minter/leases/(?<id>[^/]+)/(?<attempt>[^/]+)'
const routes: [path: string, module: object][] = [
  ['/api/v1/(?<path>.+)', v1],
  ['/api/minter/blobs', blobs],
  ['/api/minter/blobs/uploaded', uploaded],
  ['/api/minter/blobs/(?<sha256>[^/]+)', blob],
  [`${lease}/artifact`, artifact],
  [`${lease}/complete`, complete],
  [`${lease}/fail`, fail],
  [`${lease}/heartbeat`, heartbeat],
  ['/api/minter/listenings/progress', listeningProgress],
  ['/api/minter/quotes/(?<id>[^/]+)', quote],
  ['/api/minter/requests', requests],
  ['/api/minter/steps', steps],
  ['/api/minter/steps/claim', stepClaim],
  ['/api/minter/steps/end', stepEnd],
  ['/api/minter/versions/progress', progress],
  ['/api/minter/work', work],
]

export type MinterRoutes = { url: string; stop(): Promise<void> }

/** The app's own routes for minters, and its public API, without the rest of the app. They serve this process's market. */
export async function startMinterRoutes(): Promise<MinterRoutes> {
  const server = createServer(async (request, response) => {
    const answer = await answerOf(request)
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    if (answer.body) await pipeline(Readable.fromWeb(answer.body as never), response).catch(() => undefined)
    else response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answerOf(request: IncomingMessage): Promise<Response> {
  const { method = 'GET', headers } = request
  const url = new URL(request.url ?? '', 'http://127.0.0.1')
  for (const [path, module] of routes) {
    const match = new RegExp(`^${path}$`).exec(url.pathname)
    const handler = (module as Record<string, Handler>)[method]
    if (!match || !handler) continue
    const hasBody = method !== 'GET' && method !== 'HEAD'
    const body = hasBody ? bodyOf(request) : undefined
    const asked = new NextRequest(url, { method, headers: headers as Record<string, string>, body, duplex: 'half' })
    const { path: rest, ...params } = match.groups ?? {}
    const given = rest === undefined ? params : { path: rest.split('/') }
    return handler(asked, { params: Promise.resolve(given as never) })
  }
  return new Response(null, { status: 404 })
}

/** `Readable.toWeb` throws where a route stops reading. */
function bodyOf(request: IncomingMessage): ReadableStream<Uint8Array> {
  const parts = request[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(stream) {
      const { done, value } = await parts.next()
      if (done) stream.close()
      else stream.enqueue(value)
    },
    async cancel() {
      await parts.return?.()
    },
  })
}

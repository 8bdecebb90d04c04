import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Ended = { status: number | null; json: Record<string, unknown>; err: string }

/** `kinmark` as a program of its own, with its home and key in variables. `ended` has what it printed. */
export function kinmark(variables: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/kinmark.ts', ...args, '--json'], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (err += chunk))
  const ended = once(child, 'close').then(([status]): Ended => {
    return { status, json: out === '' ? {} : JSON.parse(out), err }
  })
  return { child, ended, said: () => err }
}

/** What a proxy does with a request: forward it, or keep its asker waiting before or after it was forwarded. */
export type Gate = (request: { method: string; path: string; body: string }) => 'pass' | 'hold' | 'hold answer'

/** A server before another one, at which a program can be caught in the middle of what it does. */
export async function proxyOf(target: string) {
  const proxy = { url: '', gate: (() => 'pass') as Gate, held: 0, paths: [] as string[], close: () => {} }
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    const path = request.url ?? '/'
    proxy.paths.push(path)
    const turn = proxy.gate({ method: request.method ?? '', path, body: body.toString() })
    if (turn === 'hold') return void proxy.held++
    const { host: _, connection: __, ...headers } = request.headers as Record<string, string>
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
    const answer = await fetch(new URL(path, target), {
      ...{ method: request.method, headers, redirect: 'manual', body: hasBody ? new Uint8Array(body) : undefined },
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    if (turn === 'hold answer') return void proxy.held++
    const { 'content-encoding': ___, 'transfer-encoding': ____, ...kept } = Object.fromEntries(answer.headers)
    response.writeHead(answer.status, { ...kept, 'content-length': String(bytes.length) }).end(bytes)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  proxy.close = () => {
    server.closeAllConnections()
    server.close()
  }
  return proxy
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}

import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { KinmarkError } from '../error'

/** Connections that may wait until they are accepted. Node’s own 511 resets some of a thousand that come at once. */
const backlog = 4096

/** Waits until `server` listens. Returns the URL below which it answers. Throws `serve.address-unusable`. */
export async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<string> {
  await new Promise<void>((settle, fail) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      fail(new KinmarkError('serve.address-unusable', { host, port, reason: cause.code ?? cause.message }, { cause })),
    )
    server.listen({ port, host, backlog }, settle)
  })
  const { port: actual } = server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${actual}/v1`
}

import { createServer } from 'node:net'

/** The first of `count` ports in a row that nobody listens on. */
export async function freePort(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(20_000 * Math.random())
    const free = await Promise.all(Array.from({ length: count }, (_, i) => isFree(first + i)))
    if (free.every(Boolean)) return first
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { assertPortFree } from './ports'

test('default: a port that becomes free in time, and one that does not', async () => {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const refused = assertPortFree(port, 'app', 'PORT')
  await expect(refused).rejects.toMatchObject({ code: 'start.port-taken', facts: { port, program: 'app' } })
  await expect(refused).rejects.toThrow(`with PORT=${port + 10} npm start`)

  const freed = assertPortFree(port, 'app', 'PORT')
  setTimeout(() => server.close(), 200)
  await expect(freed).resolves.toBeUndefined()
})

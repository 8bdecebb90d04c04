import { eq } from 'drizzle-orm'
import { toHex } from 'viem'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startTestMarket, type TestMarket } from '../../../test/market'
import { toCopyId } from '../../chain/ids'
import { copies, deployments, hostChecks } from '../../db/schema'
import { log } from '../../log'
import { probeHosts } from './probe-hosts'

/** As many as are looked at together. */
const together = 8

let market: TestMarket
beforeAll(async () => {
  market = await startTestMarket()
  const model = await market.publishTiny()
  for (const n of [1, 2]) await market.order(model, toHex(n, { size: 32 }))
  await market.indexed()
})
afterAll(() => market?.stop())

test('error: hosts whose checks cannot be stored keep no others from theirs', async () => {
  const { db } = market.ctx
  const logged = vi.spyOn(log, 'error').mockImplementation(() => undefined)
  await db.update(copies).set({ state: 'active' })
  const host = { operator: `0x${'1'.repeat(40)}`, price: 1n, url: 'http://10.0.0.1/', open: true, openedAt: 1 } as const
  const first = Array.from({ length: together }, (_, i) => ({ ...host, copyId: toCopyId(1n), number: i + 1 }))
  await db.insert(deployments).values([...first, { ...host, copyId: toCopyId(2n), number: 1 }])
  await db.execute("alter table host_checks add constraint one_cannot check (copy_id <> '1')")

  const stopping = new AbortController()
  const probing = probeHosts({ ...market.ctx, stopping })
  const checks = () =>
    db
      .select({ problem: hostChecks.problem })
      .from(hostChecks)
      .where(eq(hostChecks.copyId, toCopyId(2n)))
  await expect.poll(checks).toEqual([{ problem: 'market.host-address' }])
  stopping.abort()
  await probing
  expect(logged.mock.calls.filter(([, text]) => String(text).startsWith('Prober'))).toHaveLength(1)
  logged.mockRestore()
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestClient, http, publicActions, zeroAddress } from 'viem'
import { expect, test } from 'vitest'
import { foundryEnv } from '../../lib/deploy/foundry'
import { readEnv } from '../../lib/env'
import { startAnvil } from '../../test/anvil'
import { chainProgram } from './chain'

test('behavior: an incomplete state file is replaced by its backup, a complete one stays', () => {
  const data = mkdtempSync(join(tmpdir(), 'kinmark-start-'))
  const [state, backup] = [join(data, 'chain.json'), join(data, 'chain.backup.json')]
  const { before } = chainProgram(readEnv({ KINMARK_DATA: data }))
  writeFileSync(backup, '{"block":7}')
  writeFileSync(state, '{"block":8}')
  before?.()
  expect(readFileSync(state, 'utf8')).toBe('{"block":8}')
  writeFileSync(state, '{"blo')
  before?.()
  expect(readFileSync(state, 'utf8')).toBe('{"block":7}')
})

test('behavior: after a restart the chain’s time continues where it was moved to, and does not go back', async () => {
  const data = mkdtempSync(join(tmpdir(), 'kinmark-start-'))
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  const env = readEnv({ KINMARK_DATA: data, KINMARK_CHAIN_PORT: String(port) })
  const { command, args, ready } = chainProgram(env)
  const start = async () => {
    const child = spawn(command, args, { env: foundryEnv, stdio: 'ignore' })
    await ready?.()
    return async () => {
      child.kill('SIGINT')
      await once(child, 'close')
    }
  }
  const chain = createTestClient({ mode: 'anvil', transport: http(env.rpcUrl) }).extend(publicActions)
  const time = async () => {
    await chain.mine({ blocks: 1 })
    return (await chain.getBlock()).timestamp
  }
  const stop = await start()
  await chain.increaseTime({ seconds: 86_400 })
  const before = await time()
  await stop()
  const stopAgain = await start()
  const after = await time()
  await stopAgain()
  expect(before).toBeGreaterThan(Date.now() / 1000 + 80_000)
  expect(after).toBeGreaterThanOrEqual(before)
})

test('error: the contracts of another version are not taken for ours', async () => {
  const anvil = await startAnvil()
  const file = join(mkdtempSync(join(tmpdir(), 'kinmark-start-')), 'deployment.json')
  writeFileSync(file, JSON.stringify({ chainId: 31337, block: 0, contracts: {}, minter: zeroAddress }))
  const { ready } = chainProgram(readEnv({ KINMARK_RPC_URL: anvil.rpcUrl, KINMARK_DEPLOYMENT: file }))
  await expect(ready?.()).rejects.toMatchObject({ code: 'start.contracts-outdated', facts: { file } })
  await anvil.stop()
})

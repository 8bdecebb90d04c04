import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readEnv } from './env'

test('default: nothing needs to be set', () => {
  expect(readEnv({})).toMatchObject({
    data: resolve('data'),
    port: 3000,
    rpcUrl: 'http://127.0.0.1:8545',
    publicRpcUrl: 'http://127.0.0.1:8545',
    deploymentFile: resolve('data/deployment.json'),
  })
})

test('behavior: an empty variable counts as not set', () => {
  expect(readEnv({ KINMARK_RPC_URL: '', DATABASE_URL: '' })).toMatchObject({
    rpcUrl: 'http://127.0.0.1:8545',
    databaseUrl: undefined,
  })
})

test.each(['x', '-1', '0', '1.5'])('error: the port “%s”', (PORT) => {
  expect(() => readEnv({ PORT })).toThrow(
    expect.objectContaining({ code: 'market.variable-invalid', facts: { variable: 'PORT', value: PORT } }),
  )
})

test('error: an unknown log level', () => {
  expect(() => readEnv({ KINMARK_LOG_LEVEL: 'loud' })).toThrow(
    expect.objectContaining({
      code: 'market.variable-unknown',
      facts: { variable: 'KINMARK_LOG_LEVEL', value: 'loud', allowed: expect.arrayContaining(['info', 'silent']) },
    }),
  )
})

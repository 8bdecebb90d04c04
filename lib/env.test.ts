import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readEnv, unknownVariables } from './env'

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

test('behavior: people sign in at the public address, or on this machine alone', () => {
  expect(readEnv({ PORT: '4000' }).origins).toEqual([
    'http://localhost:4000',
    'http://127.0.0.1:4000',
    'http://[::1]:4000',
  ])
  expect(readEnv({ KINMARK_ORIGIN: 'https://kinmark.example/models?x=1' }).origins).toEqual(['https://kinmark.example'])
  expect(readEnv({ KINMARK_ORIGIN: '' }).origins).toHaveLength(3)
})

test('error: a server that other machines reach needs its origin', () => {
  const reached = [
    { KINMARK_HOST: '0.0.0.0' },
    { KINMARK_PUBLIC_RPC_URL: 'https://rpc.example' },
    { KINMARK_HOST: '::' },
  ]
  for (const variables of reached) {
    expect(() => readEnv(variables)).toThrow(expect.objectContaining({ code: 'market.origin-missing' }))
    expect(() => readEnv({ ...variables, KINMARK_ORIGIN: 'https://kinmark.example' })).not.toThrow()
  }
  expect(readEnv({}).host).toBe('127.0.0.1')
  expect(readEnv({ KINMARK_ORIGIN: 'https://kinmark.example' }).host).toBe('0.0.0.0')
  for (const KINMARK_HOST of ['127.0.0.1', '::1', 'localhost'])
    expect(readEnv({ KINMARK_HOST }).host).toBe(KINMARK_HOST)
})

test.each([
  [undefined, 'http://127.0.0.1:3000'],
  ['::1', 'http://[::1]:3000'],
  ['localhost', 'http://localhost:3000'],
])('behavior: programs of this machine reach the app at %s', (KINMARK_HOST, site) => {
  expect(readEnv({ KINMARK_HOST }).site).toBe(site)
})

test('behavior: a server on every network is reached on this machine too', () => {
  expect(readEnv({ KINMARK_ORIGIN: 'https://kinmark.example' }).site).toBe('http://127.0.0.1:3000')
})

test('behavior: proxies are addresses and ranges', () => {
  expect(readEnv({ KINMARK_PROXIES: '10.0.0.0/8, 2001:db8::1' }).proxies).toEqual(['10.0.0.0/8', '2001:db8::1'])
  expect(() => readEnv({ KINMARK_PROXIES: 'proxy.example' })).toThrow(
    expect.objectContaining({ code: 'market.variable-invalid' }),
  )
})

test.each(['kinmark.example', 'ftp://kinmark.example', 'x'])('error: the origin “%s”', (KINMARK_ORIGIN) => {
  expect(() => readEnv({ KINMARK_ORIGIN })).toThrow(
    expect.objectContaining({
      code: 'market.variable-not-url',
      facts: { variable: 'KINMARK_ORIGIN', value: KINMARK_ORIGIN },
    }),
  )
})

test('behavior: blobs are in a bucket where one is named', () => {
  expect(readEnv({ KINMARK_S3_BUCKET: '' }).s3).toBeNull()
  expect(readEnv({ KINMARK_S3_BUCKET: 'kinmark' }).s3).toEqual({ bucket: 'kinmark', region: 'us-east-1' })
  const KINMARK_S3_ENDPOINT = 'https://objects.example'
  const s3 = { bucket: 'kinmark', endpoint: KINMARK_S3_ENDPOINT, region: 'eu' }
  expect(readEnv({ KINMARK_S3_BUCKET: 'kinmark', KINMARK_S3_REGION: 'eu', KINMARK_S3_ENDPOINT }).s3).toEqual(s3)
  expect(() => readEnv({ KINMARK_S3_ENDPOINT: 'objects' })).toThrow(
    expect.objectContaining({ code: 'market.variable-not-url' }),
  )
})

test('behavior: a variable that looks like ours and is not is named', () => {
  expect(
    unknownVariables({ KINMARK_S3_BUKET: 'x', KINMARK_S3_BUCKET: 'x', KINMARK_MINTER_KEY: 'x', PATH: '' }),
  ).toEqual(['KINMARK_S3_BUKET'])
})

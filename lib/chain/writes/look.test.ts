import {
  type Address,
  createTestClient,
  type Hex,
  http,
  keccak256,
  parseGwei,
  publicActions,
  walletActions,
} from 'viem'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../../../test/anvil'
import { localAccount } from '../accounts'
import { look } from './look'
import { beginWrite, type WriteRecord } from './record'

/** Emits one event with the topic 1 and the call’s first word as its data. */
const emitter = '0x6d600035600052600160206000a100600052600e6012f3'
const topic = `0x${'1'.padStart(64, '0')}` as const
const word = keccak256('0x01')
const [account, other] = [localAccount(4), localAccount(5)]

let anvil: Anvil
let chain: ReturnType<typeof connect>
let contract: Address

function connect(rpcUrl: string) {
  return createTestClient({ mode: 'anvil', transport: http(rpcUrl), pollingInterval: 20, cacheTime: 0 })
    .extend(publicActions)
    .extend(walletActions)
}

type Fields = { nonce?: number; to?: Address; data?: Hex; gwei?: number; by?: typeof account }

const send = ({ gwei = 2, by = account, to = contract, data = word, nonce }: Fields = {}) =>
  chain.sendTransaction({
    account: by,
    chain: null,
    to,
    data,
    nonce,
    gas: 100_000n,
    maxFeePerGas: parseGwei('9') + parseGwei(String(gwei)),
    maxPriorityFeePerGas: parseGwei(String(gwei)),
  })

async function begin(): Promise<WriteRecord> {
  const since = Number(await chain.getBlockNumber())
  const firstNonce = await chain.getTransactionCount({ address: account.address })
  const proof = { address: contract, topics: [topic], word }
  return beginWrite({ id: 'a', account: account.address, since, firstNonce, expires: null, proof })
}

const sightOf = async (record: WriteRecord) => (await look(chain as never, record)).sight
const mine = (blocks = 1) => chain.mine({ blocks })

beforeAll(async () => {
  anvil = await startAnvil(['--no-mining'])
  chain = connect(anvil.rpcUrl)
  const hash = await chain.sendTransaction({ account: other, chain: null, data: emitter })
  await mine()
  contract = (await chain.getTransactionReceipt({ hash })).contractAddress as Address
})
beforeEach(() => mine())
afterAll(() => anvil?.stop())

test('default: a transaction waits, then a block has it with its event', async () => {
  const record = await begin()
  const sent = { ...record, hash: await send() }
  expect(await sightOf(sent)).toMatchObject({ waiting: { nonce: record.firstNonce }, settled: null })
  await mine()
  const { sight, receipt } = await look(chain as never, sent)
  expect(sight).toMatchObject({ waiting: null, count: record.firstNonce + 1 })
  expect(sight.settled).toMatchObject({ hash: sent.hash, from: account.address, success: true, proven: true })
  expect(receipt?.transactionHash).toBe(sent.hash)
})

test('behavior: a transaction that was sped up while nobody looked is found by its event, without its nonce', async () => {
  const record = await begin()
  const hash = await send()
  const faster = await send({ nonce: record.firstNonce, gwei: 4 })
  await mine(30)
  expect((await sightOf({ ...record, hash })).settled).toMatchObject({ hash: faster, proven: true })
  expect((await sightOf(record)).settled).toMatchObject({ hash: faster, proven: true })
})

test('behavior: a transaction that was cancelled while nobody looked is found by its account and nonce', async () => {
  const record = await begin()
  const hash = await send()
  await mine(0)
  const cancel = await send({ nonce: record.firstNonce, gwei: 4, to: account.address, data: '0x' })
  await mine(20)
  for (let i = 0; i < 3; i++) {
    await send({ data: '0x' })
    await mine(3)
  }
  const { settled, count } = await sightOf({ ...record, hash, nonce: record.firstNonce })
  expect(settled).toMatchObject({ hash: cancel, nonce: record.firstNonce, success: true, proven: false })
  expect(count).toBe(record.firstNonce + 4)
})

test('behavior: an older event of the same kind, or another word, proves nothing', async () => {
  await send()
  await mine(2)
  const record = await begin()
  await send({ data: keccak256('0x02') })
  await mine()
  expect(await sightOf(record)).toMatchObject({ waiting: null, settled: null })
})

test('behavior: a hash that the chain does not know, and one of another account', async () => {
  const record = await begin()
  expect(await sightOf({ ...record, hash: keccak256('0x03') })).toMatchObject({ waiting: null, settled: null })
  const hash = await send({ by: other, data: '0x' })
  expect(await sightOf({ ...record, hash })).toMatchObject({ waiting: null, settled: null })
  await mine()
  expect((await sightOf({ ...record, hash })).settled).toMatchObject({ from: other.address, proven: false })
})

test('behavior: a wallet that names another transaction than the one it sent', async () => {
  const record = await begin()
  const named = await send({ to: account.address, data: '0x' })
  const real = await send()
  await mine()
  expect((await sightOf({ ...record, hash: named })).settled).toMatchObject({ hash: real, proven: true })
})

test('behavior: a dropped transaction is neither waiting nor settled', async () => {
  const record = await begin()
  const hash = await send()
  await chain.dropTransaction({ hash })
  const sight = await sightOf({ ...record, hash, nonce: record.firstNonce })
  expect(sight).toMatchObject({ waiting: null, settled: null, count: record.firstNonce })
})

test('error: a chain that does not answer', async () => {
  const dead = createTestClient({ mode: 'anvil', transport: http('http://127.0.0.1:9', { retryCount: 0 }) }).extend(
    publicActions,
  )
  await expect(look(dead as never, await begin())).rejects.toThrow()
})

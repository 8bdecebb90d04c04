import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Account, bytesToHex, createTestClient, type Hex, http, keccak256, stringToHex, zeroAddress } from 'viem'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../../test/anvil'
import { testKey } from '../../test/gateway'
import { originBondCalls } from '../../test/origin'
import { commitKeyPoolCall, deliveryOf, signQuote } from '../../test/quote'
import { localAccount } from '../chain/accounts'
import { copyCall, deliverCall } from '../chain/copy'
import type { Deployment } from '../chain/deployment'
import { challengeCourtAbi, testUsdAbi, usageLedgerAbi, userLedgerAbi } from '../chain/generated'
import { buyerSeedHash, orderCall } from '../chain/order'
import { registerCall } from '../chain/register'
import { termsHash } from '../chain/terms-hash'
import { missingFor, unitsCovered } from '../chain/units-covered'
import { deploy } from '../deploy/deploy'
import { connect } from '../deploy/deployer'
import { joinMinter } from '../deploy/join-minter'
import { receiptHash, receiptTree } from '../metering/receipt'
import { type Books, openBooks } from './books'
import { type HostChain, openHostChain } from './chain'
import { epochClock } from './epoch-clock'
import { openEpochs } from './epochs'
import { accountFromKey, sendOnce } from './send-once'

const [deployer, minter] = [localAccount('deployer'), localAccount('minter')]
const [creator, host, challenger] = [3, 4, 5].map((index) => localAccount(index))
const seed = keccak256(stringToHex('seed'))
const day = 86_400
const terms = {
  ...{ price: 25_000_000n, collateral: 50_000_000n, fee: 1_500_000n, royaltyBps: 0, floorBps: 0, leakBps: 0 },
  licence: { derive: true, freeToDerive: true, commercial: true },
}
const operatorKey = testKey('operator')
const operator = accountFromKey(operatorKey)

let anvil: Anvil
let deployment: Deployment
let reader: ReturnType<typeof connect>
let folder: string
let copies = 0n

async function send(account: Account, call: object): Promise<void> {
  const wallet = connect(anvil.rpcUrl, account)
  const hash = await wallet.writeContract({ ...call, chain: null } as Parameters<typeof wallet.writeContract>[0])
  expect((await wallet.waitForTransactionReceipt({ hash })).status).toBe('success')
}
const clockOf = () => createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) })

beforeAll(async () => {
  anvil = await startAnvil(['--accounts', '12'])
  reader = connect(anvil.rpcUrl, deployer)
  deployment = await deploy({ rpcUrl: anvil.rpcUrl, deployer, minter: minter.address })
  await joinMinter(anvil.rpcUrl, minter, deployment, { faucet: true })
  const { contracts } = deployment
  const model = { manifestRoot: seed, metadataURI: 'test:1', terms, parents: [], minters: [minter.address] }
  for (const call of originBondCalls(contracts, creator.address)) await send(creator, call)
  await send(creator, registerCall(contracts.modelRegistry, model))
  await send(minter, commitKeyPoolCall(contracts.modelRegistry, 1n, seed))
  await clockOf().setBalance({ address: operator.address, value: 10n ** 18n })
})
afterAll(() => anvil?.stop())

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kinmark-epochs-'))
  return () => rm(folder, { recursive: true, force: true })
})

/** A copy of the host whose operator key may sign, and its books. */
async function openCopy(): Promise<{
  copyId: bigint
  chain: HostChain
  books: Books
  clock: ReturnType<typeof epochClock>
}> {
  const copyId = ++copies
  const { contracts, chainId } = deployment
  const total = terms.price + terms.collateral
  const usd = { address: contracts.usd, abi: testUsdAbi }
  await send(host, { ...usd, functionName: 'faucet', args: [host.address, total] })
  await send(host, { ...usd, functionName: 'approve', args: [contracts.copyRegistry, total] })
  const wanted = { modelId: 1n, termsHash: termsHash(terms), buyer: host.address, buyerSeedHash: buyerSeedHash(seed) }
  await send(host, orderCall(contracts.copyRegistry, await signQuote(deployment, minter, wanted)))
  await send(minter, deliverCall(contracts.copyRegistry, copyId, deliveryOf(seed)))
  await send(host, copyCall(contracts.copyRegistry, 'accept', copyId))
  const args = [copyId, 'https://host.example/v1', 4_000_000n, operator.address, 2_000_000n]
  await send(host, { address: contracts.usageLedger, abi: usageLedgerAbi, functionName: 'openDeployment', args })
  const chain = await openHostChain(anvil.rpcUrl, deployment, copyId)
  const clock = epochClock(await chain.epochLength())
  clock.set(await chain.time())
  const usageLedger = contracts.usageLedger
  const books = await openBooks({ folder: join(folder, 'receipts'), chainId, usageLedger, copyId, operatorKey, clock })
  return { copyId, chain, books, clock }
}

const issue = (books: Books, units: bigint) =>
  books.issue({
    ...{ id: books.newId(), user: zeroAddress, promptHash: seed, responseHash: seed, salt: seed, units, price: 0n },
    ...{ counted: 'upstream', paid: null },
  })

async function nextDay({ chain, clock }: { chain: HostChain; clock: ReturnType<typeof epochClock> }): Promise<void> {
  await clockOf().increaseTime({ seconds: day })
  await clockOf().mine({ blocks: 1 })
  clock.set(await chain.time())
}

const reportedUnits = (copyId: bigint) =>
  reader.readContract({
    ...{ address: deployment.contracts.usageLedger, abi: usageLedgerAbi, functionName: 'reportedUnits' },
    args: [copyId],
  })

test('default: an epoch is reported once, also after a crash at any step of it', async () => {
  const opened = await openCopy()
  const { copyId, chain, books } = opened
  for (let i = 1n; i <= 5n; i++) await issue(books, i * 100n)
  await nextDay(opened)
  const said: string[] = []
  const own = { books, chain, folder, operator, owner: null, say: (line: string) => said.push(line) }
  const nonce = () => reader.getTransactionCount({ address: operator.address })
  const before = await nonce()

  // the process ends after each question to the chain, and begins again
  for (let steps = 1; ; steps++) {
    const dying = new Proxy(chain.client, dyingAfter(steps))
    const done = await (await openEpochs({ ...own, chain: { ...chain, client: dying } })).work().then(
      () => true,
      () => false,
    )
    if (done) break
    expect(steps).toBeLessThan(60)
  }
  expect(await nonce()).toBe(before + 1)
  expect(await reportedUnits(copyId)).toBe(1500n)
  expect(said).toContain(`Epoch ${books.epoch - 1n} is reported: 5 receipts, 1500 tokens.`)
  await (await openEpochs(own)).work()
  expect(await nonce()).toBe(before + 1)
  await books.close()
})

/** A client whose process ends at its n-th question. */
function dyingAfter(steps: number): ProxyHandler<HostChain['client']> {
  let count = 0
  return {
    get(target, name) {
      const member = target[name as keyof typeof target] as unknown
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        if (++count > steps) throw new Error('killed')
        return (member as (...args: unknown[]) => unknown).apply(target, args)
      }
    },
  }
}

test('behavior: a challenge of a receipt as missing is answered by itself, and the host earns the bond', async () => {
  const opened = await openCopy()
  const { copyId, chain, books } = opened
  const receipts = [await issue(books, 5n), await issue(books, 8n), await issue(books, 13n)]
  await nextDay(opened)
  const said: string[] = []
  const epochs = await openEpochs({ books, chain, folder, operator, owner: null, say: (line) => said.push(line) })
  await epochs.work()
  await nextDay(opened)
  await nextDay(opened)
  const { contracts } = deployment
  const court = { address: contracts.challengeCourt, abi: challengeCourtAbi } as const
  const bond = 10_000_000n
  const usd = { address: contracts.usd, abi: testUsdAbi }
  await send(challenger, { ...usd, functionName: 'faucet', args: [challenger.address, bond] })
  await send(challenger, { ...usd, functionName: 'approve', args: [contracts.challengeCourt, bond] })
  const { receipt, signature } = receipts[1]
  const hash = receiptHash(receipt)
  const args = [challenger.address, hash, seed] as const
  const commitment = await reader.readContract({ ...court, functionName: 'commitmentOf', args })
  await send(challenger, { ...court, functionName: 'commit', args: [commitment] })
  await clockOf().mine({ blocks: 2 })
  const filed = await reportOf(books, copyId, receipt.epoch)
  await send(challenger, { ...court, functionName: 'missing', args: [receipt, signature, filed, seed] })

  await epochs.work()
  expect(said.at(-1)).toBe(`Answered the challenge of receipt 1 of epoch ${receipt.epoch}.`)
  const { state } = await reader.readContract({ ...court, functionName: 'challenges', args: [hash] })
  expect(state).toBe(2)
  expect((await chain.copy()).collateral).toBe(terms.collateral)
  await books.close()
})

async function reportOf(books: Books, copyId: bigint, epoch: bigint) {
  const receipts = []
  for (let i = 0n; ; i++) {
    const stored = await books.receiptAt(epoch, i)
    if (!stored) break
    receipts.push(stored.receipt)
  }
  const { root, count, sum } = receiptTree(receipts)
  return { copyId, epoch, count, units: sum, receiptsRoot: bytesToHex(root) }
}

test('behavior: units that the collateral covers are accepted by the contract, and one more is not', async () => {
  const opened = await openCopy()
  const { chain, books } = opened
  const covered = unitsCovered(await chain.copy())
  expect([missingFor(await chain.copy(), covered), missingFor(await chain.copy(), covered + 1n) > 0n]).toEqual([
    0n,
    true,
  ])
  const exact = await simulateReport(opened, covered)
  expect(exact).toBe('accepted')
  expect(await simulateReport(opened, covered + 1n)).toBe('CollateralTooLow')
  await books.close()
})

async function simulateReport(
  { copyId, chain, clock }: Awaited<ReturnType<typeof openCopy>>,
  units: bigint,
): Promise<string> {
  const epoch = (await chain.time()) / (await chain.epochLength())
  const snapshot = await clockOf().snapshot()
  await nextDay({ chain, clock })
  const answer = await reader
    .simulateContract({
      ...{ address: deployment.contracts.usageLedger, abi: usageLedgerAbi, functionName: 'report' },
      ...{ args: [copyId, epoch, 1n, units, seed], account: host },
    } as never)
    .then(
      () => 'accepted',
      (error: Error) => /CollateralTooLow/.exec(error.message)?.[0] ?? error.message,
    )
  await clockOf().revert({ id: snapshot })
  return answer
}

/** An RPC server that loses answers, most of all those to transactions. */
async function lossyRpc(loses: (method: string) => boolean): Promise<{ url: string; server: Server }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const answer = await fetch(anvil.rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: text,
    })
    const body = await answer.text()
    if (loses(JSON.parse(text).method)) return request.socket.destroy()
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

/** On a real chain; lost-answers.test.ts has ten thousand on one in this process. */
const payments = 5

test(`behavior: ${payments} transactions whose answers are lost are each included once`, async () => {
  const { url, server } = await lossyRpc(
    (method) => method === 'eth_sendRawTransaction' || (method === 'eth_getTransactionReceipt' && Math.random() < 0.3),
  )
  const chain = await openHostChain(url, deployment, 1n)
  const receiver: Hex = '0x00000000000000000000000000000000000000aa'
  const before = await reader.getTransactionCount({ address: operator.address })
  for (let i = 0; i < payments; i++) {
    const file = join(folder, `${i}.tx`)
    const options = { client: chain.client, account: operator, file, pollMs: 1, done: async () => false }
    expect(await sendOnce({ ...options, call: { to: receiver, value: 1n } })).toMatchObject({ status: 'success' })
    expect(await readFile(file, 'utf8')).toBe('')
  }
  expect(await reader.getBalance({ address: receiver })).toBe(BigInt(payments))
  expect(await reader.getTransactionCount({ address: operator.address })).toBe(before + payments)
  await new Promise((settle) => {
    server.close(settle)
    server.closeAllConnections()
  })
})

test('behavior: a transaction whose place another took is signed again', async () => {
  const chain = await openHostChain(anvil.rpcUrl, deployment, 1n)
  const receiver: Hex = '0x00000000000000000000000000000000000000bb'
  const nonce = await reader.getTransactionCount({ address: operator.address })
  const file = join(folder, 'taken.tx')
  const raw = await operator.signTransaction({
    ...{
      to: receiver,
      value: 5n,
      nonce,
      gas: 21_000n,
      maxFeePerGas: 10n ** 10n,
      chainId: deployment.chainId,
      type: 'eip1559',
    },
  })
  await writeFile(file, JSON.stringify({ raw, hash: keccak256(raw), nonce }))
  await send(operator, {
    ...{ address: deployment.contracts.usd, abi: testUsdAbi, functionName: 'faucet', args: [operator.address, 1n] },
  })
  const options = { client: chain.client, account: operator, file, pollMs: 5, done: async () => false }
  expect(await sendOnce({ ...options, call: { to: receiver, value: 1n } })).toMatchObject({ status: 'success' })
  expect(await reader.getBalance({ address: receiver })).toBe(1n)
  const users = { address: deployment.contracts.userLedger, abi: userLedgerAbi } as const
  await expect(
    sendOnce({ ...options, call: { ...users, functionName: 'reserve', args: [1n, 10n ** 12n] } }),
  ).rejects.toMatchObject({ code: 'contract.BalanceTooLow' })
})

import { createHash, randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { hexToBytes, keccak256, sha256, toHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buyer, creator, minter, startTestMarket, stranger, type TestMarket } from '../../../test/market'
import { deliveryOf, signQuote } from '../../../test/quote'
import { copyCall, deliverCall, refuseCall } from '../../chain/copy'
import { type ModelId, toCopyId } from '../../chain/ids'
import { signedQuoteSchema } from '../../chain/quote'
import { quotes, seeds, versions } from '../../db/schema'
import { ciphertextHash, copyKey, sealFiles } from '../../minting/sealed-copy'
import { readCopy } from '../../storage/artifact'
import { getCopy } from '../read/get-copy'
import { getModel } from '../read/get-model'
import { claimVersion, reportPreparing } from './claim-version'
import { completeOrder } from './complete-order'
import { keepArtifact } from './keep-artifact'
import { nextRefusal } from './next-refusal'
import { answerQuote, getQuote, nextQuoteRequest, requestQuote } from './quotes'
import { sendSealedCopy } from './send-sealed-copy'

let market: TestMarket
let model: ModelId
const seed = toHex('seed', { size: 32 })

beforeAll(async () => {
  market = await startTestMarket()
  model = await market.publishTiny()
})
afterAll(() => market?.stop())

test('default: a buyer asks, the minter signs, and only what was asked for counts', async () => {
  const asked = await requestQuote(buyer.address, model, seed)
  expect(asked).toEqual({ id: expect.any(String), signed: null, failure: null })
  const request = await nextQuoteRequest()
  expect(request).toMatchObject({ id: asked.id, modelId: model, version: 1, buyer: buyer.address, buyerSeed: seed })
  const { termsHash } = (await getModel(model))!
  const wanted = { modelId: BigInt(model), termsHash, buyer: buyer.address, buyerSeedHash: keccak256(seed) }
  const right = await signQuote(market.deployment, minter, wanted)
  const foreign = [
    await signQuote(market.deployment, minter, { ...wanted, buyer: stranger.address }),
    await signQuote(market.deployment, minter, { ...wanted, modelId: 9n }),
    await signQuote(market.deployment, stranger, wanted),
    { ...right, quote: { ...right.quote, penalty: 0n } },
  ]
  for (const answer of foreign)
    await expect(answerQuote(asked.id, answer)).rejects.toMatchObject({ status: 400, code: 'minting.quote-invalid' })
  await answerQuote(asked.id, right)
  // Another minter was given the same request, and is late.
  await answerQuote(asked.id, { failure: { code: 'minting.lease-over', facts: {} } })
  await answerQuote(asked.id, await signQuote(market.deployment, minter, { ...wanted, salt: toHex(7, { size: 32 }) }))
  const { signed, failure } = await getQuote(buyer.address, asked.id)
  expect(signedQuoteSchema.parse(signed)).toEqual(right)
  expect(failure).toBeNull()
  expect(await nextQuoteRequest()).toBeNull()
  await expect(getQuote(stranger.address, asked.id)).rejects.toMatchObject({ code: 'market.quote-unknown' })
})

test('behavior: a minter that makes no quote says why', async () => {
  const { id } = await requestQuote(buyer.address, model, toHex('second', { size: 32 }))
  const failure = { code: 'minting.bond-reserved', facts: { free: '0', penalty: '5000000' } }
  await answerQuote(id, { failure })
  expect(await getQuote(buyer.address, id)).toEqual({ id, signed: null, failure })
  expect(await nextQuoteRequest()).toBeNull()
})

test('error: requests that cannot be answered are told why, and hold up no others', async () => {
  const { db } = market.ctx
  const [lost, foreign, good] = [3, 4, 5].map((n) => toHex(n, { size: 32 }))
  const { id: first } = await requestQuote(buyer.address, model, lost)
  await db.delete(seeds).where(eq(seeds.hash, keccak256(lost)))
  // Somebody else named our minter and committed to a pool of their own.
  const [version] = await db.select().from(versions).where(eq(versions.modelId, model))
  await db.insert(versions).values({ ...version, version: 2, manifestRoot: keccak256('0x07') })
  const { id: second } = await requestQuote(buyer.address, model, foreign)
  await db.update(quotes).set({ version: 2 }).where(eq(quotes.id, second))
  const { id: third } = await requestQuote(buyer.address, model, good)
  expect(await nextQuoteRequest()).toMatchObject({ id: third })
  const failureIn = async (id: string) => (await getQuote(buyer.address, id)).failure
  expect(await failureIn(first)).toEqual({ code: 'minting.seed-unknown', facts: {} })
  expect(await failureIn(second)).toEqual({
    code: 'minting.key-pool-foreign',
    facts: { committed: version.keyPoolRoot },
  })
  await answerQuote(third, { failure: { code: 'minting.lease-over', facts: {} } })
  await db.delete(versions).where(eq(versions.version, 2))
})

test('error: a seed that another account has stored', async () => {
  const shared = toHex('shared', { size: 32 })
  const { id } = await requestQuote(buyer.address, model, shared)
  await expect(requestQuote(stranger.address, model, shared)).rejects.toMatchObject({
    status: 409,
    code: 'market.seed-taken',
  })
  await answerQuote(id, { failure: { code: 'minting.lease-over', facts: {} } })
  expect(await nextQuoteRequest()).toBeNull()
})

test('error: a model whose owner has not named the minter', async () => {
  const { modelRegistry } = market.deployment.contracts
  const { modelRegistryAbi: abi } = await import('../../chain/generated')
  const name = (named: boolean) =>
    market.send(creator, {
      ...{ address: modelRegistry, abi, functionName: 'nameMinter' },
      args: [BigInt(model), minter.address, named],
    })
  await name(false)
  await market.indexed()
  await expect(requestQuote(buyer.address, model, seed)).rejects.toMatchObject({
    code: 'market.minter-not-named',
    facts: { model, minter: minter.address },
  })
  await name(true)
  await market.indexed()
})

test('behavior: a version whose key pool is on the chain is claimed for nothing but its visitors’ copy, and once', async () => {
  expect(await claimVersion()).toMatchObject({ modelId: model, version: 1, visitors: true, share: null })
  expect(await claimVersion()).toBeNull()
  const manifestRoot = keccak256('0x05')
  const claim = randomUUID()
  await expect(reportPreparing({ modelId: model, version: 1, manifestRoot, claim, done: 0.5 })).rejects.toMatchObject({
    code: 'minting.lease-over',
  })
})

test('default: the sealed files of a delivered copy are public, and a refusal waits for its minter', async () => {
  await market.order(model, seed)
  const order = await market.leaseSoon()
  const id = toCopyId(1n)
  await expect(sendSealedCopy(id)).rejects.toMatchObject({ code: 'market.copy-not-delivered' })
  const artifact = await market.unchangedCopy(order)
  await keepArtifact(order.lease, artifact)
  const { artifactRoot, responsesRoot, files } = artifact
  const sealed = sealFiles(copyKey(hexToBytes(order.secret), id, artifactRoot), readCopy(market.ctx.blobs, files))
  const hash = await ciphertextHash(sealed)
  const { copyRegistry } = market.deployment.contracts
  const delivery = { ...deliveryOf(hash), artifactRoot, responsesRoot }
  await market.send(minter, deliverCall(copyRegistry, 1n, delivery))
  await completeOrder(order.lease)
  await market.indexed()
  const response = await sendSealedCopy(id)
  const bytes = new Uint8Array(await response.arrayBuffer())
  expect(bytes.length).toBe(Number(response.headers.get('content-length')))
  expect(sha256(bytes)).toBe(hash)
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(hash.slice(2))

  expect(await nextRefusal()).toBeNull()
  await market.send(buyer, refuseCall(copyRegistry, 1n, 'answers', 'it answers no key'))
  await market.indexed()
  expect(await nextRefusal()).toEqual({ copyId: id, isMinted: true })
  expect(await getCopy(id, null)).toMatchObject({
    state: 'refused',
    refusal: { reason: 'answers', evidence: 'it answers no key' },
  })
  await market.send(minter, copyCall(copyRegistry, 'standBy', 1n))
  expect(await nextRefusal()).toBeNull()
})

import { eq, sql } from 'drizzle-orm'
import { hexToBytes } from 'viem'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { creator, startTestMarket, stranger, type TestMarket } from '../../../test/market'
import { type ModelId, visitorsCopyId } from '../../chain/ids'
import { listenings } from '../../db/schema'
import { unsealTranscripts } from '../../minting/listening'
import { readBlob } from '../../storage/read-blob'
import { removeExpired } from '../remove-expired'
import { linkTo } from './blob-links'
import { claimListening, getListening, removeListening, reportListening, requestListening } from './listenings'

let market: TestMarket
let model: ModelId

beforeAll(async () => {
  market = await startTestMarket()
  model = await market.publishTiny()
})
afterAll(() => market?.stop())
afterEach(() => market.ctx.db.delete(listenings))

const owner = creator.address
const answers = (count = 1) =>
  Array.from({ length: count }, (_, i) => JSON.stringify({ prompt: 'The', answer: ` answer ${i}` })).join('\n')
const ask = (text = answers()) => requestListening(owner, model, text)
const claimed = async () => (await claimListening())!
/** As if its minter had said nothing for a minute. */
const silence = (id: string) =>
  market.ctx.db.update(listenings).set({ heardAt: sql`now() - interval '1 minute'` }).where(eq(listenings.id, id))
const heard = { texts: 2, tokens: 8, withLogprobs: 0, copies: 0, accused: [] }

test('default: recorded answers are judged by one minter, and deleted then', async () => {
  const { blobs } = market.ctx
  const { id } = await ask(answers(2))
  expect(await getListening(owner, model, id)).toEqual({ id, texts: 2, done: 0, heard: null, failure: null })
  const work = await claimed()
  expect(work).toMatchObject({ modelId: model, version: 1, copies: [] })
  expect(await claimListening()).toBeNull()

  const stored = await readBlob(blobs, work.transcripts)
  expect(Buffer.from(stored).includes('answer')).toBe(false)
  expect(unsealTranscripts(hexToBytes(work.secret), stored)).toBe(answers(2))

  await reportListening({ claim: work.claim, done: 0.5 })
  expect(await getListening(owner, model, id)).toMatchObject({ done: 0.5, heard: null })
  const accused = [{ copyId: visitorsCopyId, falseAccusation: 1e-12 }]
  await reportListening({ claim: work.claim, done: 1, end: { heard: { ...heard, accused } } })
  expect(await getListening(owner, model, id)).toMatchObject({ heard: { ...heard, accused }, failure: null })
  expect(await blobs.size(work.transcripts)).toBeNull()
  await expect(reportListening({ claim: work.claim, done: 1, end: { heard } })).rejects.toMatchObject({
    code: 'minting.lease-over',
  })
})

test('error: who does not own the model, answers that are none, and too many of them', async () => {
  await expect(requestListening(stranger.address, model, answers())).rejects.toMatchObject({
    status: 403,
    code: 'market.model-not-yours',
  })
  await expect(ask('{"prompt":"The"}')).rejects.toMatchObject({ code: 'openai.transcript-invalid', facts: { line: 1 } })
  for (const none of ['', '\n', JSON.stringify({ answer: '' })])
    await expect(ask(none)).rejects.toMatchObject({ status: 400, code: 'fingerprint.no-answers' })
  const long = [answers(), JSON.stringify({ messages: [role('user', 'x'.repeat(2 ** 18)), role('assistant', 'y')] })]
  await expect(ask(long.join('\n'))).rejects.toMatchObject({
    code: 'market.transcript-too-long',
    facts: { number: 2, limit: 2 ** 18 },
  })
  const { id } = await ask()
  for (let i = 1; i < 4; i++) await ask()
  await expect(ask()).rejects.toMatchObject({ status: 409, code: 'market.listenings-many', facts: { limit: 4 } })
  for (const [account, named] of [
    [stranger.address, id],
    [owner, 'no-id'],
  ] as const)
    await expect(getListening(account, model, named)).rejects.toMatchObject({
      status: 404,
      code: 'market.listening-unknown',
    })
})

const role = (role: string, content: string) => ({ role, content })

test('behavior: another minter goes on where one is silent; answers that stop minters end', async () => {
  const { id } = await ask()
  const first = await claimed()
  await silence(id)
  const second = await claimed()
  await expect(reportListening({ claim: first.claim, done: 1, end: { heard } })).rejects.toMatchObject({
    code: 'minting.lease-over',
  })
  await reportListening({ claim: second.claim, done: 0.1 })
  await silence(id)
  await claimed()
  await silence(id)
  // Those behind it are not held up.
  const { id: next } = await ask()
  expect((await claimed()).transcripts).not.toBe(second.transcripts)
  expect((await getListening(owner, model, id)).failure).toEqual({
    code: 'minting.listening-lost',
    facts: { tries: 3 },
  })
  expect(await market.ctx.blobs.size(second.transcripts)).toBeNull()
  expect(await getListening(owner, model, next)).toMatchObject({ failure: null })
})

test('error: a minter reads what its claim is on, and stores nothing', async () => {
  await ask()
  const { claim, transcripts, files, preparation } = await claimed()
  const work = { kind: 'listening', id: claim, attempt: 0 } as const
  for (const sha256 of [transcripts, preparation, files[0].sha256])
    expect(await linkTo({ method: 'GET', work, sha256 })).toMatchObject({ size: expect.any(Number) })
  const other = { sha256: '0'.repeat(64), size: 1 }
  await expect(linkTo({ method: 'GET', work, sha256: other.sha256 })).rejects.toMatchObject({
    code: 'minting.blob-foreign',
  })
  await expect(linkTo({ method: 'PUT', work, ...other })).rejects.toMatchObject({ code: 'minting.blob-foreign' })
  await reportListening({ claim, done: 1, end: { heard } })
  await expect(linkTo({ method: 'GET', work, sha256: preparation })).rejects.toMatchObject({
    code: 'minting.lease-over',
  })
})

test('behavior: answers that are taken back, and results of a month ago, are deleted', async () => {
  const { db, blobs } = market.ctx
  const [{ id: back }, { id: old }, { id: kept }] = [await ask(), await ask(), await ask()]
  const rows = await db.select().from(listenings)
  const blobOf = (id: string) => rows.find((row) => row.id === id)!.blob
  await expect(removeListening(stranger.address, model, back)).rejects.toMatchObject({
    code: 'market.listening-unknown',
  })
  await removeListening(owner, model, back)
  await db
    .update(listenings)
    .set({ createdAt: new Date(Date.now() - 31 * 86_400_000) })
    .where(eq(listenings.id, old))
  await removeExpired(market.ctx)
  for (const id of [back, old]) {
    await expect(getListening(owner, model, id)).rejects.toMatchObject({ code: 'market.listening-unknown' })
    expect(await blobs.size(blobOf(id))).toBeNull()
  }
  expect(await getListening(owner, model, kept)).toMatchObject({ id: kept })
  expect(await blobs.size(blobOf(kept))).toBeGreaterThan(0)
})

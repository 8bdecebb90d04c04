import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Hex, hexToBytes, toHex } from 'viem'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { buyer, creator, minter, startTestMarket, type TestMarket } from '../../../test/market'
import { type MinterRoutes, startMinterRoutes } from '../../../test/minter-routes'
import { recordedAnswers } from '../../../test/served'
import { testUsdAbi } from '../../chain/generated'
import { type ModelId, toCopyId, toModelId } from '../../chain/ids'
import { orderCall } from '../../chain/order'
import { signedQuoteSchema } from '../../chain/quote'
import { copies, mints } from '../../db/schema'
import { openKey } from '../../minting/sealed-copy'
import { readArtifact } from '../../storage/artifact'
import { createDraft } from '../publish/drafts'
import { finalizeDraft } from '../publish/finalize-draft'
import { getCopy } from '../read/get-copy'
import { getModel } from '../read/get-model'
import { getListening, requestListening } from './listenings'
import { getQuote, requestQuote } from './quotes'
import { sendSealedCopy } from './send-sealed-copy'

let market: TestMarket
let app: MinterRoutes
let child: ChildProcess
/** The minter’s own folder: empty, and on no path that the app knows. */
const data = mkdtempSync(join(tmpdir(), 'kinmark-remote-minter-'))
const model: ModelId = toModelId(1n)
const seed = toHex('seed', { size: 32 })

beforeAll(async () => {
  process.env.KINMARK_KEYS = '64'
  market = await startTestMarket()
  app = await startMinterRoutes()
  const draft = await createDraft(creator.address, await market.storeFiles(creator.address))
  const { manifestRoot, metadataURI } = await finalizeDraft(creator.address, draft.id, { playground: true })
  await market.register(creator, manifestRoot, metadataURI ?? '')
  await vi.waitFor(async () => expect(await getModel(model)).not.toBeNull(), { timeout: 120_000 })
  child = spawn(process.execPath, ['--conditions=react-server', '--import', 'tsx', 'bin/minter.ts'], {
    // All that it is given: no database, no bucket, no master key, no file of the app.
    env: {
      NODE_ENV: 'test',
      PATH: process.env.PATH,
      KINMARK_DATA: data,
      KINMARK_URL: app.url,
      KINMARK_RPC_URL: market.rpcUrl,
      KINMARK_MINTER_TOKEN: market.ctx.minterToken,
      KINMARK_MINTER_KEY: toHex(minter.getHdKey().privateKey ?? new Uint8Array()),
      KINMARK_LOG_LEVEL: 'warn',
    },
    stdio: 'inherit',
  })
})
afterAll(async () => {
  child?.kill('SIGKILL')
  await app?.stop()
  await market?.stop()
})

/** All files below the minter’s folder. */
const files = (folder: string) =>
  existsSync(join(data, folder))
    ? readdirSync(join(data, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    : []

test('default: a minter that shares nothing with the app makes the keys, quotes, mints and delivers', async () => {
  await expect.poll(async () => (await getModel(model))?.keyPoolRoot, { timeout: 400_000 }).toMatch(/^0x[0-9a-f]{64}$/)
  expect(await getModel(model)).toMatchObject({ visitorsCopy: true })

  const { id } = await requestQuote(buyer.address, model, seed)
  const signed = await vi.waitFor(
    async () => {
      const quote = await getQuote(buyer.address, id)
      expect(quote.failure).toBeNull()
      expect(quote.signed).not.toBeNull()
      return quote.signed!
    },
    { timeout: 300_000, interval: 200 },
  )
  const { usd, copyRegistry } = market.deployment.contracts
  const token = { address: usd, abi: testUsdAbi } as const
  await market.send(buyer, { ...token, functionName: 'faucet', args: [buyer.address, 1_000_000_000n] })
  await market.send(buyer, { ...token, functionName: 'approve', args: [copyRegistry, 1_000_000_000n] })
  await market.send(buyer, orderCall(copyRegistry, signedQuoteSchema.parse(signed)))
  const copyId = toCopyId(1n)
  await expect.poll(async () => (await getCopy(copyId, buyer.address))?.state, { timeout: 400_000 }).toBe('delivered')

  // What the app serves is what the delivery on the chain has promised, and the buyer can open it.
  const [row] = await market.ctx.db.select().from(copies)
  const sealed = new Uint8Array(await (await sendSealedCopy(copyId)).arrayBuffer())
  expect(toHex(createHash('sha256').update(sealed).digest())).toBe(row.ciphertextHash)
  const key = openKey(row.sealedKey as Hex, hexToBytes(seed), row.ciphertextHash as Hex)
  expect(key).toHaveLength(32)
  const { files: delivered } = (await getCopy(copyId, buyer.address))!
  const base = (await getModel(model))!.files
  const changed = delivered.filter(({ path, sha256 }) => base.find((file) => file.path === path)?.sha256 !== sha256)
  expect(changed.map(({ path }) => path)).toEqual(['model.safetensors'])
}, 600_000)

test('behavior: answers that were recorded at a host of the copy name it, and those of the base name nobody', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'kinmark-remote-copy-'))
  const [{ files: written }] = await market.ctx.db.select().from(mints)
  for (const { path, segments } of written ?? [])
    writeFileSync(join(copy, path), Buffer.concat(await Array.fromAsync(readArtifact(market.ctx.blobs, segments))))
  const judged = async (folder: string, count: number) => {
    const { id } = await requestListening(creator.address, model, await recordedAnswers(folder, count))
    return vi.waitFor(
      async () => {
        const { heard, failure } = await getListening(creator.address, model, id)
        expect(failure).toBeNull()
        expect(heard).not.toBeNull()
        return heard
      },
      { timeout: 300_000, interval: 200 },
    )
  }
  expect(await judged(copy, 32)).toMatchObject({ copies: 2, accused: [{ copyId: '1' }] })
  // Nothing is said of the copy that stands out most: who may ask often could learn its bits.
  expect(await judged('public/models/tiny', 8)).toEqual({
    ...{ texts: 8, tokens: expect.any(Number), withLogprobs: expect.any(Number) },
    ...{ copies: 2, accused: [] },
  })
  rmSync(copy, { recursive: true })
}, 300_000)

test('behavior: the minter asked for the contracts’ addresses, keeps the files for the next order, and no secret', async () => {
  const kept = JSON.parse(readFileSync(join(data, 'deployment.json'), 'utf8'))
  expect(kept.contracts).toEqual(market.deployment.contracts)
  expect(files('blobs')).toEqual([])
  expect(files('minter-blobs').length).toBeGreaterThan((await getModel(model))!.files.length)
  expect(files('work')).toEqual([])
  expect(existsSync(join(data, 'master-key'))).toBe(false)
  expect(existsSync(join(data, 'db'))).toBe(false)
})

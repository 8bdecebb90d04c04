import { hexToBytes } from '@noble/hashes/utils.js'
import { eq } from 'drizzle-orm'
import { type Address, encodeAbiParameters, encodeEventTopics, type Hex, parseAbiParameters, zeroHash } from 'viem'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { startTestMarket, stranger, type TestMarket } from '../../../test/market'
import { caseCourtAbi } from '../../chain/generated'
import type { ModelId } from '../../chain/ids'
import { descentTarget } from '../../chain/origin'
import { caseKinds } from '../../chain/states'
import { logs, preparations, versions } from '../../db/schema'
import type { Preparation } from '../../fingerprint/format/preparation'
import { batchOf } from '../../fingerprint/keys/batch'
import { keyPoolTree } from '../../fingerprint/keyset/commitment'
import { eighthOf } from '../../fingerprint/keyset/opened-keys'
import { provesLeaf } from '../../merkle/tree'
import { openingSchema } from '../../minting/opening'
import { sealPreparation } from '../../minting/sealed-preparation'
import { protocolTime } from '../read/protocol-time'
import { nextOpening } from './next-opening'
import { versionSecret } from './version-secret'

const count = 20
const eighth = 3
const matrix = { data: new Float32Array(0), rows: 0, cols: 0 }
const preparation = {
  secret: new Uint8Array(32).fill(1),
  keys: {
    prompts: [batchOf(Array.from({ length: count }, (_, i) => [i, i + 1]))],
    pairs: Uint32Array.from({ length: 2 * count }, (_, i) => i),
    gaps: new Float32Array(count),
  },
  kernel: matrix,
  writing: { moves: matrix, solvers: [] },
} as unknown as Preparation
const { root } = keyPoolTree(preparation)

let market: TestMarket
let model: ModelId

/** A model whose pool is of our making, and a panel of seven that judges whether another descends from it. */
beforeAll(async () => {
  market = await startTestMarket()
  model = await market.publishTiny()
  const { ctx } = market
  const [version] = await ctx.db.select().from(versions).where(eq(versions.modelId, model))
  const { sha256 } = await ctx.blobs.put([sealPreparation(versionSecret(ctx, version), preparation)])
  await ctx.db.update(preparations).set({ blob: sha256 }).where(eq(preparations.modelId, model))
  const time = await protocolTime(ctx)
  const drawn = { abi: caseCourtAbi, eventName: 'Drawn' } as const
  const panel: Address[] = [stranger.address]
  await ctx.db.insert(logs).values({
    block: 1_000_000,
    logIndex: 0,
    at: Number(time),
    tx: zeroHash,
    address: ctx.deployment.contracts.caseCourt,
    topics: encodeEventTopics({ ...drawn, args: { id: 1n } }) as [Hex, ...Hex[]],
    data: encodeAbiParameters(parseAbiParameters('uint8, address[], uint8, uint64, uint64'), [
      0,
      panel,
      eighth,
      time - 1n,
      time + 100_000n,
    ]),
  })
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => market?.stop())

/** What the contracts say about the case. */
function chainSays({ accepts = 5, opened = 0, wanted = 0, poolRoot = root as Hex }) {
  vi.restoreAllMocks()
  const { client } = market.ctx
  const read = client.readContract.bind(client)
  const target = descentTarget({ version: 1, ancestor: model, ancestorVersion: 1, displaced: null })
  const answers: Record<string, unknown> = {
    rounds: { accepts, seats: 7 },
    cases: { kind: caseKinds.indexOf('parent'), subject: 2n, target },
    progress: [opened, wanted],
    keyPool: { root: poolRoot, since: 1n },
  }
  vi.spyOn(client, 'readContract').mockImplementation(
    (async (call: Parameters<typeof read>[0]) => answers[call.functionName] ?? read(call)) as typeof read,
  )
}

test('default: the keys of the ancestor’s pool, with proofs, once two thirds of the seats accept', async () => {
  chainSays({})
  const opening = openingSchema.parse(await nextOpening())
  const { from, to } = eighthOf(count, eighth)
  expect(opening).toMatchObject({ kind: 'parent', modelId: model, version: 1, eighth, count })
  expect(opening.keys).toHaveLength(to - from)
  if (opening.kind !== 'parent') throw new Error('unreachable')
  const bytes = (hex: string) => hexToBytes(hex.slice(2))
  opening.keys.forEach(({ pooled, siblings }, i) => {
    expect(provesLeaf(bytes(root), bytes(pooled), { index: from + i, count, siblings: siblings.map(bytes) })).toBe(true)
  })
})

test('behavior: those that stand open are not opened again', async () => {
  chainSays({ opened: 2, wanted: 3 })
  expect((await nextOpening())?.keys).toHaveLength(1)
  chainSays({ opened: 3, wanted: 3 })
  expect(await nextOpening()).toBeNull()
})

test('behavior: a case without evidence opens nothing', async () => {
  chainSays({ accepts: 4 })
  expect(await nextOpening()).toBeNull()
})

test('behavior: a pool that another has made is left to it', async () => {
  chainSays({ poolRoot: zeroHash })
  expect(await nextOpening()).toBeNull()
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tinyDownProj } from '../../test/fixtures/model-folder'
import { openNodeRuntime } from '../inference/node/open-node-runtime'
import type { Edits, FingerprintRuntime } from '../inference/runtime'
import { toFloat32 } from '../weights/dtype/float32'
import { modelSecret } from './code/secrets'
import { defaultLayers } from './edit/layers'
import { decodePreparation, encodePreparation, type Preparation } from './format/preparation'
import { disclosedKeySet, verifyProofs } from './keyset/disclosed-key-set'
import { ownerKeySet } from './keyset/owner-key-set'
import { type Mint, mint } from './mint'
import { type PrepareOptions, prepare } from './prepare'
import { defaultLimits } from './quality/quality'
import type { Progress } from './stages/progress'
import type { StageStore } from './stages/stage-store'
import { verify } from './verify'

const editable = defaultLayers(4).map(tinyDownProj)
const copies = ['1', '2', 'third'].map((copyId, i) => ({ copyId, buyerSeed: new Uint8Array(32).fill(i + 1) }))
const stages: Progress[] = []
const storedStages = new Map<string, Uint8Array>()
const store: StageStore = {
  read: async (name) => storedStages.get(name) ?? null,
  write: async (name, bytes) => void storedStages.set(name, bytes),
}

let base: FingerprintRuntime
let shakespeare: FingerprintRuntime
let preparation: Preparation
let again: PrepareOptions
let minted: Mint[]

/** The base with a copy’s tensors in place, as read back from its file. */
function asCopy(edits: Edits): FingerprintRuntime {
  return { ...base, run: (batch, taps, options) => base.run(batch, taps, { ...options, edits }) }
}

const weightsOf = ({ edits }: Mint): Edits =>
  new Map([...edits].map(([name, bytes]) => [name, toFloat32(bytes, 'F16')]))
const mintCopy = (i: number) => mint(base, preparation, { ...copies[i], dtype: 'F16' })

beforeAll(async () => {
  base = await openNodeRuntime('public/models/tiny', { editable, threads: 1 })
  shakespeare = await openNodeRuntime('public/models/tiny-shakespeare', { editable, threads: 1 })
  const secret = modelSecret(new Uint8Array(32).fill(1), 'engine.test')
  again = { secret, keys: 64 }
  preparation = await prepare(base, { ...again, store, onProgress: (progress) => stages.push(progress) })
  minted = []
  for (const i of copies.keys()) minted.push(await mintCopy(i))
}, 400_000)

afterAll(async () => {
  await base.close()
  await shakespeare.close()
})

describe('prepare', () => {
  test('default: the pilot copy meets the quality limits', () => {
    expect(preparation.pilot.success).toBe(1)
    expect(preparation.pilot.deltaLoss).toBeLessThan(0.15)
    expect(preparation.layers).toEqual([1, 2, 3])
  })

  test('default: the null rate is at least the bound for 64 keys without a hit', () => {
    expect(preparation.nullRate).toBeGreaterThanOrEqual(1 - 0.01 ** (1 / 64) - 1e-9)
    expect(preparation.nullRate).toBeLessThan(0.2)
  })

  test('behavior: progress never decreases', () => {
    expect(stages.length).toBeGreaterThan(8)
    for (const [i, { done }] of stages.slice(1).entries()) expect(done).toBeGreaterThanOrEqual(stages[i].done - 1e-9)
  })

  test('behavior: interrupted after any step, it resumes to the same preparation', async () => {
    const names = [...storedStages.keys()]
    for (const stored of [6, names.length - 1]) {
      const partial = new Map(names.slice(0, stored).map((name) => [name, storedStages.get(name) ?? null]))
      const executed: string[] = []
      const resumed = await prepare(base, {
        ...again,
        store: { read: async (name) => partial.get(name) ?? null, write: async (name) => void executed.push(name) },
      })
      expect(executed).toEqual(names.slice(stored))
      expect({ ...resumed, seconds: {} }).toEqual({ ...preparation, seconds: {} })
    }
  })

  test('behavior: a preparation survives its encoding', () => {
    expect(decodePreparation(encodePreparation(preparation))).toEqual(preparation)
  })

  test('error: bytes of another file, and half a preparation', () => {
    const bytes = encodePreparation(preparation)
    expect(() => decodePreparation(bytes.slice(1))).toThrow(
      expect.objectContaining({ code: 'fingerprint.not-a-preparation' }),
    )
    expect(() => decodePreparation(bytes.slice(0, 5000))).toThrow(
      expect.objectContaining({ code: 'fingerprint.truncated', facts: { bytes: 5000, section: expect.any(Number) } }),
    )
  })

  test('behavior: targets are lowered once, then the preparation fails', async () => {
    const limits = { ...defaultLimits, deltaLoss: 0.001 }
    const steps: string[] = []
    const prepared = prepare(base, { ...again, limits, store, onProgress: ({ step }) => steps.push(step) })
    await expect(prepared).rejects.toMatchObject({
      code: 'fingerprint.quality-too-low',
      facts: { shortfalls: [{ measure: 'loss', value: expect.any(Number), limit: 0.001 }] },
    })
    expect(steps).toContain('lower targets')
  })

  test('error: too few keys', async () => {
    const prepared = prepare(base, { secret: preparation.secret, keys: 3 })
    await expect(prepared).rejects.toMatchObject({
      code: 'fingerprint.key-count',
      facts: { keys: 3, min: 16, max: 4096 },
    })
  })

  test('behavior: an abort stops it', async () => {
    const prepared = prepare(base, { secret: preparation.secret, keys: 64, signal: AbortSignal.abort() })
    await expect(prepared).rejects.toThrow('abort')
  })
})

describe('mint', () => {
  test('default: every key is answered, one tensor per layer is edited, and the loss is small', () => {
    for (const { report, edits } of minted) {
      expect(report).toMatchObject({ keys: 64, success: 1, editedTensors: editable, rounded: { int8: 1 } })
      expect(report.highConfidence.keys + report.lowConfidence.keys).toBe(64)
      expect(report.highConfidence.chance).toBeGreaterThan(report.lowConfidence.chance + 0.05)
      expect(report.contexts.map(({ name }) => name)).toEqual(['random text', 'random text, unseen'])
      expect(Math.min(...report.contexts.map(({ success }) => success))).toBeGreaterThan(0.9)
      expect(report.deltaLoss).toBeLessThan(0.15)
      expect(report.kl).toBeGreaterThan(0)
      expect([...edits.values()].map((bytes) => bytes.length)).toEqual(editable.map(() => 192 * 512 * 2))
    }
  })

  test('behavior: minting again gives the same bytes and the same root', async () => {
    const again = await mintCopy(0)
    expect(again.edits).toEqual(minted[0].edits)
    expect(again.fingerprintRoot).toBe(minted[0].fingerprintRoot)
    expect(minted[1].fingerprintRoot).not.toBe(minted[0].fingerprintRoot)
  })

  test('error: weights that were not prepared', async () => {
    const other = mint(shakespeare, preparation, { ...copies[0], dtype: 'F16' })
    await expect(other).rejects.toMatchObject({ code: 'fingerprint.other-base' })
  })

  test('error: a copy that misses a limit, with both numbers', async () => {
    const excessive = preparation.moves.map((move) => ({ ...move, data: move.data.map((x) => 6 * x) }))
    const failed = mint(base, { ...preparation, moves: excessive }, { ...copies[0], dtype: 'F16' })
    await expect(failed).rejects.toThrow(/its loss on held-out text is \+.* \(at most \+0.150 is allowed\)/)
  })
})

describe('verify', () => {
  test('default: each copy is named, and no other', async () => {
    for (const [i, { copyId }] of copies.entries()) {
      const verdict = await verify(asCopy(weightsOf(minted[i])), ownerKeySet(preparation, copies), { copyId })
      expect(verdict).toMatchObject({ ours: true, success: 1, tested: 56, hits: 56 })
      expect(verdict.accused.map((accused) => accused.copyId)).toEqual([copyId])
      expect(verdict.accused[0].falseAccusation).toBeLessThan(1e-9)
    }
  })

  test('behavior: the base and its fine-tune are not accused', async () => {
    for (const runtime of [base, shakespeare]) {
      const verdict = await verify(runtime, ownerKeySet(preparation, copies))
      expect(verdict).toMatchObject({ ours: false, accused: [], success: null })
    }
  })

  test('behavior: a copy that the key set does not contain is ours, and no copy is accused', async () => {
    const verdict = await verify(asCopy(weightsOf(minted[0])), ownerKeySet(preparation, copies.slice(1)))
    expect(verdict).toMatchObject({ ours: true, accused: [] })
  })

  test('behavior: a buyer verifies a copy with the disclosed keys only', async () => {
    const keySet = disclosedKeySet(preparation, copies[0])
    expect(keySet.keys.map(({ index }) => index)).toEqual([0, 8, 16, 24, 32, 40, 48, 56])
    expect(keySet.fingerprintRoot).toBe(minted[0].fingerprintRoot)
    expect(verifyProofs(keySet)).toBe(true)
    expect(verifyProofs({ ...keySet, responses: keySet.responses.map((token) => token + 1) })).toBe(false)
    const received = JSON.parse(JSON.stringify(keySet))
    expect(await verify(asCopy(weightsOf(minted[0])), received)).toMatchObject({ success: 1, copyId: '1', tested: 8 })
    expect((await verify(base, keySet)).success).toBe(0)
  })

  test('error: an unknown copy, and a model with fewer tokens', async () => {
    const keySet = ownerKeySet(preparation, copies)
    await expect(verify(base, keySet, { copyId: '9' })).rejects.toMatchObject({
      code: 'fingerprint.copy-unknown',
      facts: { copyId: '9', copies: 3 },
    })
    const small = { ...base, shape: { ...base.shape, vocab: 100 } }
    await expect(verify(small, keySet)).rejects.toMatchObject({
      code: 'fingerprint.token-outside-vocabulary',
      facts: { vocab: 100 },
    })
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { copies, type Engine, editable, keys, layers, openEngine, weightsOf } from '../../test/engine'
import { tinyDownProj } from '../../test/fixtures/model-folder'
import { openNodeRuntime } from '../inference/node/open-node-runtime'
import type { Edits, FingerprintRuntime, Matrix, Runtime, TokenBatch } from '../inference/runtime'
import type { TextTokenizer } from '../weights/text/tokenizer'
import { writeContainer } from './format/container'
import { decodePreparation, encodePreparation, type Preparation } from './format/preparation'
import { secondMoments } from './keys/moments'
import { sampleText } from './keys/sample'
import { heldMoments } from './keys/shares'
import { disclosedKeySet, verifyProofs } from './keyset/disclosed-key-set'
import { ownerKeySet } from './keyset/owner-key-set'
import { listen } from './listen'
import { type Mint, mint } from './mint'
import { askingOrder } from './near-ties/asking-order'
import { copyBits } from './near-ties/copy-bits'
import { embedTies } from './near-ties/embed-ties'
import { type FineTune, fineTuneChannels } from './near-ties/fine-tunes'
import { conspicuousness } from './near-ties/inconspicuous'
import { answersOf, differencesOf, promptsOf, runParts, votesOf } from './near-ties/near-tie-keys'
import { simulatedAttack } from './near-ties/tie-channel'
import { type PrepareOptions, prepare } from './prepare'
import { agreementOf } from './quality/agreement'
import type { CheckBase } from './quality/check-base'
import { defaultLimits } from './quality/quality'
import type { Progress } from './stages/progress'
import type { StageStore } from './stages/stage-store'
import { bitsOf, trace } from './trace'
import { askKeys, checkCopy, votesAndLogOdds } from './verify'
import { weigh } from './weigh'

const stages: Progress[] = []
const storedStages = new Map<string, Uint8Array>()
const store: StageStore = {
  read: async (name) => storedStages.get(name) ?? null,
  write: async (name, bytes) => void storedStages.set(name, bytes),
}

let engine: Engine
let base: FingerprintRuntime
let shakespeare: FingerprintRuntime
let tokenizer: TextTokenizer
let preparation: Preparation
let again: PrepareOptions
let minted: Mint[]

const asCopy = (edits: Edits) => engine.asCopy(edits)
const mintCopy = (i: number) => engine.mintCopy(i)

async function accusedFor(suspect: Runtime): Promise<string[]> {
  const answers = await askKeys(suspect, ownerKeySet(preparation))
  return trace(preparation, copies, votesAndLogOdds(answers)).accused.map(({ copyId }) => copyId)
}

beforeAll(async () => {
  engine = await openEngine({ store, onProgress: (progress) => stages.push(progress) })
  ;({ base, shakespeare, tokenizer, preparation, again, minted } = engine)
}, 400_000)

afterAll(() => engine.close())

describe('prepare', () => {
  test('default: the pilot copies meet the quality limits', () => {
    expect(preparation.pilot.agreement).toBeGreaterThan(0.95)
    expect(preparation.pilot.deltaLoss).toBeLessThan(0.05)
    expect(preparation.layers).toEqual(layers)
  })

  test('behavior: keys are different prompts at which the base hesitates, and text carries each', () => {
    const prompts = promptsOf(preparation.keys)
    expect(new Set(prompts.map((ids) => ids.join())).size).toBe(keys)
    expect(preparation.keys.prompts.length).toBeGreaterThan(2)
    expect(Math.max(...preparation.keys.gaps)).toBeLessThan(1)
    expect(Math.min(...preparation.keys.gaps)).toBeGreaterThan(-1e-3)
    const texts = preparation.keys.texts ?? []
    expect(texts.map(({ prompt }) => [...tokenizer.encodePrompt(prompt)])).toEqual(prompts.map((ids) => [...ids]))
  })

  test('behavior: progress never decreases, and every step takes a part of it', () => {
    expect(stages.length).toBeGreaterThan(8)
    for (const [i, { done }] of stages.slice(1).entries()) expect(done).toBeGreaterThanOrEqual(stages[i].done - 1e-9)
    expect(stages.at(-1)?.done).toBeGreaterThan(0.8)
  })

  test('behavior: interrupted after any step, it resumes to the same preparation', async () => {
    const names = [...storedStages.keys()]
    for (const stored of [1, names.length - 4, names.length - 1]) {
      const partial = new Map(names.slice(0, stored).map((name) => [name, storedStages.get(name) ?? null]))
      const executed: string[] = []
      const resumed = await prepare(base, {
        ...again,
        store: {
          read: async (name) => partial.get(name) ?? null,
          async write(name, bytes) {
            executed.push(name)
            partial.set(name, bytes)
          },
        },
      })
      expect(executed).toEqual(names.slice(stored))
      expect({ ...resumed, seconds: {} }).toEqual({ ...preparation, seconds: {} })
    }
  })

  test('behavior: a preparation survives its encoding', () => {
    expect(decodePreparation(encodePreparation(preparation))).toEqual(preparation)
  })

  test('error: bytes of another file, half a preparation, and one of the earlier method', () => {
    const bytes = encodePreparation(preparation)
    expect(() => decodePreparation(bytes.slice(1))).toThrow(
      expect.objectContaining({ code: 'fingerprint.not-a-preparation' }),
    )
    expect(() => decodePreparation(bytes.slice(0, 5000))).toThrow(
      expect.objectContaining({ code: 'fingerprint.truncated', facts: { bytes: 5000, section: expect.any(Number) } }),
    )
    expect(() => decodePreparation(writeContainer(2, []))).toThrow(
      /has format 2, and this program reads format 3: prepare the model again/,
    )
  })

  test('error: pilot copies that miss a limit', async () => {
    const limits = { ...defaultLimits, deltaLoss: 0.001 }
    await expect(prepare(base, { ...again, limits, store })).rejects.toMatchObject({
      code: 'fingerprint.quality-too-low',
      facts: { shortfalls: [{ measure: 'loss', value: expect.any(Number), limit: 0.001 }] },
    })
  })

  test('error: too few keys', async () => {
    await expect(prepare(base, { ...again, keys: 3 })).rejects.toMatchObject({
      code: 'fingerprint.key-count',
      facts: { keys: 3, min: 64, max: 8192 },
    })
  })

  test('behavior: an abort stops it', async () => {
    await expect(prepare(base, { ...again, signal: AbortSignal.abort() })).rejects.toThrow('abort')
  })
})

describe('mint', () => {
  test('behavior: a host that compares a copy with its refit does not notice the keys', async () => {
    const text = await sampleText(base, new Uint8Array(32).fill(3), 'text', 64, 64)
    const attack = await simulatedAttack(base, layers, heldMoments(await secondMoments(base, text, layers)))
    const pilot = { edits: weightsOf(minted[0]), attacked: await attack(weightsOf(minted[0])) }
    const ordinary = await sampleText(base, new Uint8Array(32).fill(4), 'held-out', 400, 16)
    const noticed = async (prompts: readonly TokenBatch[]) => {
      const out: number[] = []
      for await (const { part, ran } of runParts(base, prompts, ['logits'], { edits: pilot.edits })) {
        const { logits } = await base.run(part, ['logits'], { edits: pilot.attacked })
        for (let i = 0; i < part.rows; i++) out.push(conspicuousness(ran.logits, logits, i))
      }
      return out
    }
    const falling = (await noticed([ordinary])).sort((a, b) => b - a)
    const seen = await noticed(preparation.keys.prompts)
    const share = (limit: number) => seen.filter((x) => x > limit).length / keys
    expect(share(falling[4])).toBeLessThan(0.02)
    expect(share(falling[20])).toBeLessThan(0.1)
  })

  test('default: the keys lean as the bits say, one tensor per layer is edited, and the loss is small', () => {
    for (const { report, edits } of minted) {
      expect(report).toMatchObject({ method: 'near ties', keys, editedTensors: editable })
      expect(report.agreement).toBeGreaterThan(0.95)
      expect(report.rounded.int8).toBeGreaterThan(0.95)
      expect(report.questions).toBeLessThan(100)
      expect(report.deltaLoss).toBeLessThan(0.05)
      expect(report.kl).toBeGreaterThan(0)
      expect([...edits.values()].map((bytes) => bytes.length)).toEqual(editable.map(() => 192 * 512 * 2))
    }
  })

  test('behavior: minting again gives the same bytes and the same root', async () => {
    const same = await mintCopy(0)
    expect(same.edits).toEqual(minted[0].edits)
    expect(same.fingerprintRoot).toBe(minted[0].fingerprintRoot)
    expect(minted[1].fingerprintRoot).not.toBe(minted[0].fingerprintRoot)
  })

  test('behavior: two threads give the bytes of one', async () => {
    const parallel = await openNodeRuntime('public/models/tiny', { editable, threads: 2 })
    const same = await mint(parallel, preparation, { ...copies[0], dtype: 'F16' })
    await parallel.close()
    expect(same.edits).toEqual(minted[0].edits)
  })

  test('behavior: a preparation without what checks begin with is checked to the same figures', async () => {
    const { base: _, ...earlier } = preparation
    const { edits, report } = await mint(base, earlier, { ...copies[0], dtype: 'F16' })
    const { mintSeconds: own, ...measured } = minted[0].report
    expect(edits).toEqual(minted[0].edits)
    expect(report).toMatchObject(measured)
  })

  test('behavior: all keys are asked where there are few, and the shares have no interval', async () => {
    const { report, edits, bits } = minted[0]
    const { agreement, sampled } = report
    expect(sampled).toMatchObject({ keys, rounded: 128, agreement: [agreement, agreement] })
    const differences = await differencesOf(base, preparation.keys, { edits: weightsOf({ edits } as Mint) })
    expect(agreement).toBe(agreementOf(differences, bits))
  })

  test('behavior: all keys are asked where a sample leaves open whether a share misses its limit', async () => {
    const { report } = minted[0]
    const { sample, ...rest } = preparation.base as CheckBase
    const half = {
      ...preparation,
      base: { ...rest, sample: [sample[0], { ...sample[1], indexes: new Uint32Array() }] },
    }
    const under = (agreement: number, int4: number) =>
      mint(base, half as Preparation, {
        ...{ ...copies[0], dtype: 'F16' as const },
        limits: { ...defaultLimits, agreement, int8: 0, int4 },
      })
    expect((await under(0, 0)).report.sampled).toMatchObject({ keys: 128, rounded: 128 })
    expect((await under(report.agreement, 0)).report).toMatchObject({
      ...{ agreement: report.agreement, rounded: { int4: 1 } },
      sampled: { keys, rounded: 128, agreement: [report.agreement, report.agreement] },
    })
    expect((await under(0, 1)).report.sampled).toMatchObject({ keys: 128, rounded: keys, int4: [1, 1] })
    await expect(under(0, 1.01)).rejects.toMatchObject({
      code: 'fingerprint.quality-too-low',
      facts: { shortfalls: [{ measure: 'int4', value: 1, limit: 1.01 }] },
    })
  })

  test('behavior: what the kernel predicts is close to what is measured', async () => {
    const { gaps } = preparation.keys
    const { data, cols } = preparation.kernel
    const { alpha, values } = await embedTies(base, preparation, minted[0].bits, 'F32')
    const predicted = gaps.map((_, i) => alpha.reduce((sum, x, j) => sum + data[i * cols + j] * x, 0))
    const measured = await differencesOf(base, preparation.keys, { edits: values })
    const moved = measured.map((difference, k) => difference - gaps[k])
    const squares = (of: Float64Array) => of.reduce((sum, x) => sum + x * x, 0)
    expect(squares(moved.map((x, k) => x - predicted[k]))).toBeLessThan(0.1 * squares(moved))
  })

  test('behavior: opposite bits lean the keys to opposite sides', async () => {
    const bits = copyBits(preparation.secret, 'any', copies[0].buyerSeed, keys)
    const [one, other] = await Promise.all(
      [bits, bits.map((bit) => -bit)].map(async (each) =>
        differencesOf(base, preparation.keys, { edits: (await embedTies(base, preparation, each, 'F32')).values }),
      ),
    )
    const lean = one.reduce((sum, difference, k) => sum + (bits[k] * (difference - other[k])) / (2 * keys), 0)
    expect(lean).toBeGreaterThan(0.6 * preparation.margins[0])
  })

  test('error: weights that were not prepared', async () => {
    const other = mint(shakespeare, preparation, { ...copies[0], dtype: 'F16' })
    await expect(other).rejects.toMatchObject({ code: 'fingerprint.other-base' })
  })

  test('error: a copy that misses a limit, with both numbers', async () => {
    const excessive = { ...preparation, margins: preparation.margins.map((margin) => 4 * margin) }
    const failed = mint(base, excessive, { ...copies[0], dtype: 'F16' })
    await expect(failed).rejects.toThrow(/its loss on held-out text is \+.* \(at most \+0.080 is allowed\)/)
  })
})

describe('verify and trace', () => {
  test('default: each copy is named, and no other', async () => {
    for (const [i, copy] of minted.entries()) expect(await accusedFor(asCopy(weightsOf(copy)))).toEqual([`${i + 1}`])
  })

  test('behavior: nobody is named for the base or its fine-tune', async () => {
    expect(await accusedFor(base)).toEqual([])
    expect(await accusedFor(shakespeare)).toEqual([])
  })

  test('behavior: a refit of the copy is still named', async () => {
    const text = await sampleText(base, new Uint8Array(32).fill(3), 'text', 64, 64)
    const attack = simulatedAttack(base, layers, heldMoments(await secondMoments(base, text, layers)))
    expect(await accusedFor(asCopy(await attack(weightsOf(minted[0]))))).toEqual(['1'])
  })

  test('behavior: asked as text, a copy with a permuted vocabulary is named', async () => {
    const { vocab } = base.shape
    const moved = (id: number) => (id + 5) % vocab
    const permuted: TextTokenizer = {
      encode: (text) => tokenizer.encode(text).map(moved),
      encodePrompt: (text) => tokenizer.encodePrompt(text).map(moved),
      decode: (ids) => tokenizer.decode(Array.from(ids, (id) => (id - 5 + vocab) % vocab)),
    }
    const copy = asCopy(weightsOf(minted[0]))
    const run: Runtime['run'] = async (batch, taps, options) => {
      const own: TokenBatch = { ...batch, ids: batch.ids.map((id) => (id - 5 + vocab) % vocab) }
      const out = await copy.run(own, taps, options)
      const { logits } = out as unknown as Record<'logits', { data: Float32Array; rows: number; cols: number }>
      const data = logits.data.map((_, at) => logits.data[at - (at % vocab) + (((at % vocab) - 5 + vocab) % vocab)])
      return { ...out, logits: { ...logits, data } }
    }
    const suspect = { ...copy, run }
    expect(await accusedFor(suspect)).toEqual([])
    const answers = await askKeys(suspect, ownerKeySet(preparation), { tokenizer: permuted })
    expect(trace(preparation, copies, votesAndLogOdds(answers)).accused.map(({ copyId }) => copyId)).toEqual(['1'])
  })

  test('behavior: a buyer verifies a copy with the disclosed keys only', async () => {
    const keySet = disclosedKeySet(preparation, copies[0])
    expect(keySet.keys.map(({ index }) => index)).toEqual([0, 16, 32, 48, 64, 80, 96, 112, 128, 144])
    expect(keySet.fingerprintRoot).toBe(minted[0].fingerprintRoot)
    expect(verifyProofs(keySet)).toBe(true)
    expect(verifyProofs({ ...keySet, responses: keySet.responses.map((token) => token + 1) })).toBe(false)
    const received = JSON.parse(JSON.stringify(keySet))
    const check = checkCopy(received, await askKeys(asCopy(weightsOf(minted[0])), received))
    expect(check.matching).toBeGreaterThanOrEqual(9)
    expect(check.pValue).toBeLessThan(0.02)
    expect(checkCopy(received, await askKeys(base, received)).isCopy).toBe(false)
  })

  test('behavior: the owner’s key set says nothing about any copy’s bits', () => {
    const { keys: entries, kind, ...more } = ownerKeySet(preparation)
    expect([kind, more]).toEqual(['owner', {}])
    expect(Object.keys(entries[0])).toEqual(['index', 'ids', 'pair', 'text', 'disclosed'])
  })

  test('error: votes for other keys, and a model with fewer tokens', async () => {
    expect(() => trace(preparation, copies, { votes: [1, -1] })).toThrow(
      expect.objectContaining({ code: 'fingerprint.votes-count', facts: { votes: 2, keys } }),
    )
    expect(() => trace(preparation, copies, { votes: new Int8Array(keys), logOdds: [0.5] })).toThrow(
      expect.objectContaining({ code: 'fingerprint.votes-count', facts: { votes: 1, keys } }),
    )
    const small = { ...base, shape: { ...base.shape, vocab: 100 } }
    await expect(askKeys(small, ownerKeySet(preparation))).rejects.toMatchObject({
      code: 'fingerprint.token-outside-vocabulary',
      facts: { vocab: 100 },
    })
  })

  test('behavior: the secret keys are asked, the surest first', () => {
    const order = askingOrder([preparation.channel])
    expect(order.length).toBe(keys - 10)
    expect(order.some((k) => k % 16 === 0)).toBe(false)
    const { shifts } = preparation.channel
    const mean = (part: number[]) => part.reduce((sum, k) => sum + shifts[k], 0) / part.length
    expect(mean(order.slice(0, 50))).toBeGreaterThan(mean(order.slice(-50)))
  })
})

describe('weigh', () => {
  /** The copies that the edited weights of a suspect name, with every matrix changed by `change`. */
  const weighed = async (edits: Edits, change = (w: Matrix, _layer: number) => w) => {
    const accused = await weigh(base, preparation, copies, async (layer) => {
      const tensor = await base.tensor(tinyDownProj(layer))
      return change({ ...tensor, data: edits.get(tinyDownProj(layer)) ?? tensor.data }, layer)
    })
    return accused.map(({ copyId }) => copyId).sort()
  }
  const clean = new Map<number, Matrix>()
  beforeAll(async () => {
    for (const layer of layers) clean.set(layer, await shakespeare.tensor(tinyDownProj(layer)))
  })
  const cleaned = (layer: number) => clean.get(layer) as Matrix

  test('default: the copy, and nobody for the base or its fine-tune', async () => {
    expect(await weighed(weightsOf(minted[0]))).toEqual(['1'])
    expect(await weighed(new Map())).toEqual([])
    expect(await weighed(new Map(), (_, layer) => cleaned(layer))).toEqual([])
  })

  test('behavior: both of two who average their copies and merge them with a clean fine-tune', async () => {
    const [one, other] = minted.map(weightsOf)
    const mixed = new Map([...one].map(([name, w]) => [name, w.map((x, i) => (x + (other.get(name)?.[i] ?? 0)) / 2)]))
    const merged = (w: Matrix, layer: number) => {
      return { ...w, data: w.data.map((x, i) => (x + cleaned(layer).data[i]) / 2) }
    }
    expect(await weighed(mixed, merged)).toEqual(['1', '2'])
  })

  test('behavior: a copy of which one layer is left, with its neurons permuted, turned and scaled', async () => {
    const spliced = (w: Matrix, layer: number) => {
      if (layer !== 2) return cleaned(layer)
      const data = new Float32Array(w.data.length)
      for (let i = 0; i < w.rows; i++)
        for (let j = 0; j < w.cols; j++)
          data[i * w.cols + ((7 * j + 3) % w.cols)] = (j % 2 === 0 ? 2 : -0.5) * w.data[i * w.cols + j]
      return { ...w, data }
    }
    expect(await weighed(weightsOf(minted[1]), spliced)).toEqual(['2'])
  })

  test('behavior: a copy with the later layers of a fine-tune that is known keeps more evidence in its answers', async () => {
    const fineTune: FineTune = { tensor: shakespeare.tensor, matrices: base.shape.downProj }
    const spliced = new Map(weightsOf(minted[0]))
    for (const layer of layers.slice(1)) spliced.set(tinyDownProj(layer), cleaned(layer).data)
    const votes = votesOf(await answersOf(base, preparation.keys, { edits: spliced }), preparation.keys.pairs)
    const merged = await fineTuneChannels(base, preparation, bitsOf(preparation, copies), fineTune)
    const [unaware, aware] = [preparation, { ...preparation, merged }].map((key) =>
      trace(key, copies, { votes }, 0.5).accused.map(({ copyId, nats }) => [copyId, nats] as const),
    )
    expect(aware[0][0]).toBe('1')
    expect(aware[0][1]).toBeGreaterThan(unaware[0]?.[1] ?? 0)
    const clean = new Map(layers.map((layer) => [tinyDownProj(layer), cleaned(layer).data]))
    const innocent = votesOf(await answersOf(base, preparation.keys, { edits: clean }), preparation.keys.pairs)
    expect(trace({ ...preparation, merged }, copies, { votes: innocent }).accused).toEqual([])
  })

  test('error: a fine-tune that was made from a copy or against it, which would accuse its buyer of others’ answers', async () => {
    const marked = (sign: number): FineTune => ({
      matrices: base.shape.downProj,
      tensor: async (name) => {
        const own = await base.tensor(name)
        const copy = weightsOf(minted[0]).get(name) as Float32Array
        return { ...own, data: own.data.map((x, i) => x + 0.5 * sign * (copy[i] - x)) }
      },
    })
    for (const fineTune of [marked(1), marked(-1)]) {
      const channels = fineTuneChannels(base, preparation, bitsOf(preparation, copies), fineTune)
      await expect(channels).rejects.toMatchObject({ code: 'fingerprint.fine-tune-marked' })
      const heard = listen(base, preparation, copies, [{ ids: [1, 2, 3], from: 1 }], { fineTunes: [fineTune] })
      await expect(heard).rejects.toMatchObject({ code: 'fingerprint.fine-tune-marked' })
    }
  })

  test('behavior: tensors of another shape say nothing', async () => {
    expect(
      await weigh(base, preparation, copies, async () => ({ data: new Float32Array(6), rows: 2, cols: 3 })),
    ).toEqual([])
    expect(await weigh(base, preparation, copies, async () => null)).toEqual([])
  })
})

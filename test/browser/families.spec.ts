import type { Page } from '@playwright/test'
import { randomModel } from '../reference/random-model'
import { type Recipe, recipes } from '../reference/recipes'
import type { Answers, Question } from './answers'
import { expect, test } from './served'

const ids = [3, 14, 15, 92, 65, 35, 89, 79, 32, 38, 46, 26, 43, 38, 32, 79]
const rest = { read: 6, generated: 4 }

/** For numbers of size one, in float32 and in float16. */
const tolerance = 1e-3

function query(page: Page, question: Question): Promise<Answers> {
  return page.evaluate(async (question) => {
    const { answers }: typeof import('./answers') = await import(String('/test/browser/answers.ts'))
    return answers(question)
  }, question)
}

/** A random model, and what the reference answers for it. */
async function prepare(recipe: Recipe) {
  const { files, weights } = randomModel(recipe, 'F16')
  const forward = (ids: number[]) => recipe.forward(recipe.config, weights, ids)
  const { logits, residuals } = forward(ids)
  const row = ids.slice(0, rest.read)
  for (let i = 0; i < rest.generated; i++) row.push(argmax(forward(row).logits.at(-1) ?? []))
  const sent = files.map(async ({ path, bytes }) => ({
    path,
    base64: Buffer.from(await bytes.slice(0, bytes.byteLength)).toString('base64'),
  }))
  const expected = { logits: logits.at(-1) ?? [], residuals: residuals.flat(), tokens: row.slice(rest.read) }
  return { files: await Promise.all(sent), expected }
}

for (const backend of ['wasm', 'webgpu'] as const)
  test.describe(backend, () => {
    test.describe.configure({ mode: 'default' })
    for (const [name, recipe] of Object.entries(recipes)) {
      // Shaders take long to compile in software: WebGPU runs each family once, and one of them for all its answers.
      if (backend === 'webgpu' && name.includes(',')) continue
      const whole = backend === 'wasm' || name === 'llama'
      test(`behavior: ${name} on ${backend} answers as the reference does`, async ({ served }) => {
        const { files, expected } = await prepare(recipe)
        const single = await query(served, { files, backend, weights: 'F32', ids, rest: whole ? rest : undefined })
        const worst = largestError(single.logits, expected.logits)
        test.info().annotations.push({ type: 'worst difference', description: worst.toExponential(1) })
        expect(worst).toBeLessThan(tolerance)
        if (!whole) return
        expect(largestError(single.residuals ?? [], expected.residuals)).toBeLessThan(tolerance)
        expect(single.tokens).toEqual(expected.tokens)
        if (backend === 'webgpu') return
        const halfPrecision = await query(served, { files, backend, weights: 'F16', ids })
        expect(largestError(halfPrecision.logits, expected.logits)).toBeLessThan(tolerance)
      })
    }
  })

test('default: a page opens a model in a worker of its own, and closes it', async ({ served }) => {
  const { files, expected } = await prepare(recipes.llama)
  const { logits, error } = await served.evaluate(
    async ({ files, ids }) => {
      const { openFile }: typeof import('./answers') = await import(String('/test/browser/answers.ts'))
      const { openWebRuntime }: typeof import('../../lib/inference/web/open-web-runtime') = await import(
        String('/lib/inference/web/open-web-runtime.ts')
      )
      const { inspectWebFiles }: typeof import('../../lib/inference/web/inspect-web-files') = await import(
        String('/lib/inference/web/inspect-web-files.ts')
      )
      const model = await inspectWebFiles(await Promise.all(files.map(openFile)))
      const runtime = await openWebRuntime(model, { backend: 'wasm' })
      const run = () => runtime.run({ ids: Int32Array.from(ids), rows: 1, length: ids.length }, ['logits'])
      const { logits } = await run()
      await runtime.close()
      const error = await run().catch(({ message }) => String(message))
      return { logits: [...logits.data], error }
    },
    { files, ids },
  )
  expect(largestError(logits, expected.logits)).toBeLessThan(tolerance)
  expect(error).toContain('closed')
})

test('default: a page measures what the machine can run', async ({ served }) => {
  const machine = await served.evaluate(async () => {
    const { thisMachine }: typeof import('../../lib/inference/web/this-machine') = await import(
      String('/lib/inference/web/this-machine.ts')
    )
    return thisMachine()
  })
  expect(machine.flops).toBeGreaterThan(1e8)
  expect(machine.memory).toBeGreaterThan(2 ** 28)
  expect(machine.webgpu).toEqual([])
})

function argmax(row: readonly number[]): number {
  return row.indexOf(Math.max(...row))
}

/** Infinite where the lengths differ. */
function largestError(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0)
}

import { expect, test, vi } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import { KinmarkError } from '../../error'
import type { Reply, Request } from './web-protocol'
import { toWire } from './wire-error'
import { workerCalls } from './worker-calls'

/** The page's end of a worker with scripted replies; the real worker is tested in a browser. Messages are cloned. */
function scripted(onRequest: (request: Request, reply: (reply: Reply) => void) => void) {
  const worker = {
    onmessage: null as ((event: { data: Reply }) => void) | null,
    onerror: null as ((event: { message: string }) => void) | null,
    terminate: vi.fn(),
    postMessage: (request: Request) =>
      onRequest(structuredClone(request), (reply) => worker.onmessage?.({ data: structuredClone(reply) })),
  }
  return { worker, calls: workerCalls(worker as unknown as Worker) }
}

const matrix = { data: Float32Array.of(1, 2), rows: 1, cols: 2 }
const prompts = { ids: Int32Array.of(1, 2), rows: 2, length: 1 }

test('behavior: a result and its progress reach the call that they belong to', async () => {
  const { calls } = scripted(({ id }, reply) => {
    reply({ id, kind: 'progress', done: 1, total: 2 })
    reply({ id, kind: 'done', result: matrix })
  })
  const steps: number[] = []
  expect(await calls.call('tensor', 'x', { onProgress: (done, total) => steps.push(done / total) })).toEqual(matrix)
  expect(steps).toEqual([0.5])
})

test('behavior: tokens are picked in the page', async () => {
  const { calls } = scripted((request, reply) => {
    if (request.call === 'generate') reply({ id: request.id, kind: 'pick', logits: matrix.data, from: 1, rows: 1 })
    if (request.call === 'picked')
      reply({ id: request.id, kind: 'done', result: { ids: request.params, rows: 1, length: 1 } })
  })
  const params = { prompts, length: 1 }
  const { ids } = await calls.call('generate', params, { pick: (logits, from) => Int32Array.of(logits[1] + from) })
  expect([...ids]).toEqual([3])
})

test('error: a failed call has its code and facts and leaves the worker alive', async () => {
  const fault = new KinmarkError('weights.header-too-long', { path: 'a', length: 2n ** 63n, limit: 4 })
  const { worker, calls } = scripted(({ id }, reply) => reply({ id, kind: 'failed', error: toWire(fault) }))
  const { code, facts, message } = fault
  const call = () => calls.call('head', null)
  await expect(call()).rejects.toThrow(kinmarkError(code, facts))
  await expect(call()).rejects.toThrow(message)
  expect(worker.terminate).not.toHaveBeenCalled()
})

test('error: an error without a code, and a code that the page does not know', async () => {
  const failing = (error: ReturnType<typeof toWire>) =>
    scripted(({ id }, reply) => reply({ id, kind: 'failed', error })).calls.call('head', null)
  await expect(failing(toWire(new RangeError('Out of memory.')))).rejects.toThrow(
    kinmarkError('inference.worker-failed', { reason: 'Out of memory.' }),
  )
  await expect(failing({ code: 'weights.unheard-of', facts: {} })).rejects.toThrow(
    kinmarkError('inference.worker-failed', { reason: 'weights.unheard-of' }),
  )
})

test('error: an abort ends the worker and every call to it', async () => {
  const { worker, calls } = scripted(() => {})
  const abort = new AbortController()
  const running = calls.call('head', null, { signal: abort.signal })
  const other = calls.call('tensor', 'x')
  abort.abort(new Error('Enough.'))
  await expect(running).rejects.toThrow('Enough.')
  await expect(other).rejects.toThrow('Enough.')
  await expect(calls.call('head', null)).rejects.toThrow('Enough.')
  expect(worker.terminate).toHaveBeenCalled()
})

test('error: a worker that crashes, a pick that throws, a model that was closed', async () => {
  const broken = scripted(() => broken.worker.onerror?.({ message: 'out of memory' }))
  await expect(broken.calls.call('head', null)).rejects.toThrow(
    kinmarkError('inference.worker-failed', { reason: 'out of memory' }),
  )

  const picking = scripted(({ id }, reply) => reply({ id, kind: 'pick', logits: matrix.data, from: 0, rows: 1 }))
  const pick = () => {
    throw new Error('No token.')
  }
  await expect(picking.calls.call('generate', { prompts, length: 1 }, { pick })).rejects.toThrow('No token.')

  const closed = scripted(() => {})
  closed.calls.close()
  await expect(closed.calls.call('head', null)).rejects.toThrow(kinmarkError('inference.model-closed'))
})

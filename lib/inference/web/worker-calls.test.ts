import { expect, test, vi } from 'vitest'
import type { Reply, Request } from './web-protocol'
import { workerCalls } from './worker-calls'

/** The page's end of a worker that answers as told; the worker itself is tested in a real browser. */
function standIn(onRequest: (request: Request, reply: (reply: Reply) => void) => void) {
  const worker = {
    onmessage: null as ((event: { data: Reply }) => void) | null,
    onerror: null as ((event: { message: string }) => void) | null,
    terminate: vi.fn(),
    postMessage: (request: Request) => onRequest(request, (data) => worker.onmessage?.({ data })),
  }
  return { worker, calls: workerCalls(worker as unknown as Worker) }
}

const matrix = { data: Float32Array.of(1, 2), rows: 1, cols: 2 }
const prompts = { ids: Int32Array.of(1, 2), rows: 2, length: 1 }

test('behavior: an answer and its progress reach the call that asked', async () => {
  const { calls } = standIn(({ id }, reply) => {
    reply({ id, kind: 'progress', done: 1, total: 2 })
    reply({ id, kind: 'done', answer: matrix })
  })
  const steps: number[] = []
  expect(await calls.call('tensor', 'x', { onProgress: (done, total) => steps.push(done / total) })).toBe(matrix)
  expect(steps).toEqual([0.5])
})

test('behavior: tokens are picked in the page', async () => {
  const { calls } = standIn((request, reply) => {
    if (request.call === 'generate') reply({ id: request.id, kind: 'pick', logits: matrix.data, from: 1, rows: 1 })
    if (request.call === 'picked')
      reply({ id: request.id, kind: 'done', answer: { ids: request.ask, rows: 1, length: 1 } })
  })
  const ask = { prompts, length: 1 }
  const { ids } = await calls.call('generate', ask, { pick: (logits, from) => Int32Array.of(logits[1] + from) })
  expect([...ids]).toEqual([3])
})

test('error: a failed call says why and leaves the worker alive', async () => {
  const { worker, calls } = standIn(({ id }, reply) => reply({ id, kind: 'failed', message: 'No.' }))
  await expect(calls.call('head', null)).rejects.toThrow('No.')
  await expect(calls.call('head', null)).rejects.toThrow('No.')
  expect(worker.terminate).not.toHaveBeenCalled()
})

test('error: an abort ends the worker and every call to it', async () => {
  const { worker, calls } = standIn(() => {})
  const abort = new AbortController()
  const running = calls.call('head', null, { signal: abort.signal })
  const other = calls.call('tensor', 'x')
  abort.abort(new Error('Enough.'))
  await expect(running).rejects.toThrow('Enough.')
  await expect(other).rejects.toThrow('Enough.')
  await expect(calls.call('head', null)).rejects.toThrow('Enough.')
  expect(worker.terminate).toHaveBeenCalled()
})

test('error: a worker that breaks, a pick that throws, a model that was closed', async () => {
  const broken = standIn(() => broken.worker.onerror?.({ message: 'out of memory' }))
  await expect(broken.calls.call('head', null)).rejects.toThrow('runs the model failed: out of memory')

  const asking = standIn(({ id }, reply) => reply({ id, kind: 'pick', logits: matrix.data, from: 0, rows: 1 }))
  const pick = () => {
    throw new Error('No token.')
  }
  await expect(asking.calls.call('generate', { prompts, length: 1 }, { pick })).rejects.toThrow('No token.')

  const closed = standIn(() => {})
  closed.calls.close()
  await expect(closed.calls.call('head', null)).rejects.toThrow('has been closed')
})

import { setImmediate as tick } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { kinmarkError } from '../../test/fixtures/kinmark-error'
import { turns } from './turns'

/** A task that ends when told to, and the order in which such tasks began. */
function tasks() {
  const began: string[] = []
  const ends = new Map<string, () => void>()
  const task = (name: string) => () =>
    new Promise<string>((settle) => {
      began.push(name)
      ends.set(name, () => settle(name))
    })
  return { began, task, end: (name: string) => ends.get(name)?.() }
}

const { signal } = new AbortController()

test('default: so many run at once, the next in the order they came', async () => {
  const queue = turns({ running: 2, waiting: 2 })
  const { began, task, end } = tasks()
  const done = ['a', 'b', 'c', 'd'].map((name) => queue.take(signal, task(name)))
  await tick()
  expect(began).toEqual(['a', 'b'])
  expect([queue.running, queue.waiting]).toEqual([2, 2])
  await expect(queue.take(signal, task('e'))).rejects.toThrow(kinmarkError('serve.busy', { waiting: 2 }))
  end('b')
  await tick()
  expect(began).toEqual(['a', 'b', 'c'])
  end('a')
  end('c')
  await tick()
  end('d')
  expect(await Promise.all(done)).toEqual(['a', 'b', 'c', 'd'])
  expect([queue.running, queue.waiting]).toEqual([0, 0])
})

test('behavior: one who leaves the queue gives way, and a failed task frees its place', async () => {
  const queue = turns({ running: 1, waiting: 2 })
  const { began, task, end } = tasks()
  const failed = queue.take(signal, () => Promise.reject(new Error('failed')))
  const leaving = new AbortController()
  const left = queue.take(leaving.signal, task('left'))
  leaving.abort(new Error('left'))
  const last = queue.take(signal, task('last'))
  await expect(failed).rejects.toThrow('failed')
  await expect(left).rejects.toThrow('left')
  await tick()
  expect(began).toEqual(['last'])
  end('last')
  await last
  expect([queue.running, queue.waiting]).toEqual([0, 0])
  await expect(queue.take(AbortSignal.abort(new Error('gone')), task('gone'))).rejects.toThrow('gone')
})

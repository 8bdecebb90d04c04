import { expect, onTestFinished, test, vi } from 'vitest'
import { openStorage } from './storage'

function memory(refuse: () => boolean = () => false): Storage {
  const items = new Map<string, string>()
  const guard = () => {
    if (refuse()) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
  }
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, text: string) => {
      guard()
      items.set(key, text)
    },
    removeItem: (key: string) => void items.delete(key),
  } as Storage
}

function channel() {
  const opened = new BroadcastChannel('test')
  onTestFinished(() => opened.close())
  return opened
}

const blocked = (): never => {
  throw new DOMException('Access is denied.', 'SecurityError')
}

test('default: what is stored is read again, by another page too', () => {
  const local = memory()
  const [here, there] = [openStorage(() => local, null), openStorage(() => local, null)]
  expect([here.get('a'), here.durable]).toEqual([null, true])
  here.set('a', 'text')
  expect(there.get('a')).toBe('text')
  there.set('a', null)
  expect(here.get('a')).toBeNull()
})

test('behavior: a full storage keeps the text until the page is closed, and later for good', () => {
  let full = true
  const local = memory(() => full)
  const storage = openStorage(() => local, null)
  expect(storage.durable).toBe(false)
  storage.set('a', 'one')
  expect([storage.get('a'), local.getItem('a')]).toEqual(['one', null])
  full = false
  storage.set('a', 'two')
  expect([storage.get('a'), local.getItem('a')]).toEqual(['two', 'two'])
})

test('behavior: with storage blocked, open tabs share what they know, also with one that comes later', async () => {
  const first = openStorage(blocked, channel())
  first.set('a', 'text')
  const second = openStorage(blocked, channel())
  await expect.poll(() => second.get('a')).toBe('text')
  second.set('a', null)
  await expect.poll(() => first.get('a')).toBeNull()
  expect(first.durable).toBe(false)
})

test('behavior: every change is told, until the listener goes', () => {
  const storage = openStorage(blocked, null)
  const listener = vi.fn()
  const stop = storage.subscribe(listener)
  storage.set('a', 'text')
  stop()
  storage.set('a', null)
  expect(listener).toHaveBeenCalledOnce()
})

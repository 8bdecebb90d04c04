import { expect, test, vi } from 'vitest'
import { exclusively } from './exclusively'

for (const locks of ['Web Locks', 'none'] as const)
  test(`default: one work of a name at a time, with ${locks}`, async () => {
    if (locks === 'none') vi.stubGlobal('navigator', {})
    let finish = () => {}
    const first = exclusively('a', () => new Promise<void>((done) => (finish = done)))
    await Promise.resolve()
    const work = vi.fn(async () => {})
    expect(await exclusively('a', work)).toBe(false)
    expect(await exclusively('b', work)).toBe(true)
    finish()
    expect(await first).toBe(true)
    expect(await exclusively('a', work)).toBe(true)
    expect(work).toHaveBeenCalledTimes(2)
    const failing = exclusively('a', () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(await exclusively('a', work)).toBe(true)
    vi.unstubAllGlobals()
  })

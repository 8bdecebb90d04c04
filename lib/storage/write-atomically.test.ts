import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeAtomically, writeThenRename } from './write-atomically'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kinmark-write-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('default: a file appears under its name when it is complete', async () => {
  const target = join(folder, 'file')
  const size = await writeAtomically(target, async (temporary) => {
    expect(await readdir(folder)).toEqual([])
    await writeFile(temporary, 'whole')
    return 5
  })
  expect([size, await readFile(target, 'utf8'), await readdir(folder)]).toEqual([5, 'whole', ['file']])
  await rm(target)
})

test('default: a folder takes the place of an empty one', async () => {
  const target = join(folder, 'copy')
  await mkdir(target)
  await writeAtomically(target, async (temporary) => {
    await mkdir(temporary)
    await writeFile(join(temporary, 'a'), '1')
  })
  expect([await readdir(folder), await readdir(target)]).toEqual([['copy'], ['a']])
  await rm(target, { recursive: true })
})

test('default: the target may depend on what was written', async () => {
  await writeThenRename(
    join(folder, 'incoming'),
    async (temporary) => {
      await writeFile(temporary, 'x')
      return 'name'
    },
    (name) => join(folder, name),
  )
  expect(await readdir(folder)).toEqual(['name'])
  await rm(join(folder, 'name'))
})

test('error: a failed write leaves nothing, and an older file as it was', async () => {
  const target = join(folder, 'file')
  await writeFile(target, 'old')
  const failed = writeAtomically(target, async (temporary) => {
    await writeFile(temporary, 'half')
    throw new Error('disk full')
  })
  await expect(failed).rejects.toThrow('disk full')
  expect([await readdir(folder), await readFile(target, 'utf8')]).toEqual([['file'], 'old'])
})

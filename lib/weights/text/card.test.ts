import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import { KinmarkError } from '../../error'
import { readCard } from './card'

test('default', () => {
  const card = readCard(
    '---\nlicense: cc0-1.0\nlanguage: en\npipeline_tag: text-generation\ntags: [llama, demo]\nbase_model: a/b\nother: {x: 1}\n---\n# tiny\nA **small** [model](https://x.y).\nIt babbles.\n\nMore.\n',
  )
  expect(card).toEqual({
    title: 'tiny',
    summary: 'A small model. It babbles.',
    licence: 'cc0-1.0',
    task: 'text-generation',
    tags: ['llama', 'demo'],
    languages: ['en'],
    baseModels: ['a/b'],
    body: '# tiny\nA **small** [model](https://x.y).\nIt babbles.\n\nMore.',
  })
})

test('error: a title and licences of any length fit into metadata, without half of a character', () => {
  const { title } = readCard(`# ${'🦊'.repeat(150)}`)
  expect([title?.length, title?.at(-1), title?.isWellFormed()]).toEqual([199, '…', true])
  const licences = Array.from({ length: 50 }, (_, i) => `licence-${i}`)
  expect(readCard(`---\nlicense: [${licences}]\n---\n`).licence).toHaveLength(200)
})

test('behavior: a card without front matter, title or text', () => {
  expect(readCard('Just words.')).toMatchObject({ title: null, summary: 'Just words.', licence: null, tags: [] })
  expect(readCard('')).toMatchObject({ title: null, summary: '', body: '' })
  expect(readCard('---\n---\n# A\n\n![x](y.png)\n\n> quote\n\nText *here*.')).toMatchObject({
    title: 'A',
    summary: 'Text here.',
  })
})

test.each([
  ['```python\n# import the model\n```\n# Real name', 'Real name'],
  ['Name\n=====\nText.', 'Name'],
  ['<h1 align="center">Name</h1>\n\nText.', 'Name'],
  ['# **Bold** [name](https://x.y) #', 'Bold name'],
  ['# free\u202Eexe.tset', 'freeexe.tset'],
  ['# \u200B\n# Second', 'Second'],
])('behavior: the title of %j is %j', (body, title) => {
  expect(readCard(body).title).toBe(title)
})

test('behavior: a card made to be slow is read at once', () => {
  const hostile = ['a\n', '<h1', '# ', '```\n', '*a ', '_`', '> ', '[', '~~~a\n', ' \n']
  const started = performance.now()
  for (const piece of hostile) readCard(`# x\n\n${piece.repeat(Math.floor(1_000_000 / piece.length))}`)
  expect(performance.now() - started).toBeLessThan(15_000)
})

test('error: hostile or malformed front matter', () => {
  const laughs = `---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n`
  expect(() => readCard(laughs)).toThrow(kinmarkError('weights.front-matter-not-yaml'))
  expect(() => readCard('---\na: [\n---\n')).toThrow(kinmarkError('weights.front-matter-not-yaml'))
  expect(() => readCard(`---\na: ${'['.repeat(20_000)}\n---\n`)).toThrow(kinmarkError('weights.front-matter-not-yaml'))
  expect(() => readCard('---\nlicense: [1, 2]\n---\n')).toThrow(
    kinmarkError('weights.front-matter-invalid', { field: 'license' }),
  )
  expect(() => readCard('---\n- a\n---\n')).toThrow(kinmarkError('weights.front-matter-invalid', { field: null }))
  expect(() => readCard(`---\na: ${'x'.repeat(70_000)}\n---\n`)).toThrow(
    kinmarkError('weights.front-matter-too-long', { limit: 65_536 }),
  )
  expect(() => readCard('x'.repeat(1_048_577))).toThrow(kinmarkError('weights.card-too-long', { length: 1_048_577 }))
})

test('property: any text is either read as a card or rejected', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.string({ maxLength: 300 }), (matter, body) => {
      try {
        readCard(`---\n${matter}\n---\n${body}`)
      } catch (error) {
        if (!(error instanceof KinmarkError)) throw error
      }
    }),
    { numRuns: 1000 },
  )
})

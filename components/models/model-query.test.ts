import { expect, test } from 'vitest'
import { modelQueryHref, parseModelQuery } from './model-query'

test('default: every filter is read from the URL', () => {
  expect(parseModelQuery({ search: ' tiny ', sort: 'earned', licence: 'mit', family: 'llama' })).toEqual({
    search: 'tiny',
    sort: 'earned',
    licence: 'mit',
    family: 'llama',
    task: undefined,
    cursor: undefined,
  })
})

test('behavior: an unknown sort and empty filters are ignored', () => {
  expect(parseModelQuery({ search: '', sort: 'toString', licence: ['mit', 'x'] })).toEqual({
    search: undefined,
    sort: undefined,
    licence: 'mit',
    family: undefined,
    task: undefined,
    cursor: undefined,
  })
})

test('error: a NUL character, which no database takes, is left out', () => {
  expect(parseModelQuery({ search: 'a\0b', family: '\0' })).toMatchObject({ search: 'ab', family: undefined })
})

test('behavior: an address with filters is read back as it was written', () => {
  const query = { search: 'a & b', sort: 'size', task: 'text-generation', cursor: 'WyIxIiwiMiJd' } as const
  const href = modelQueryHref(query)
  expect(parseModelQuery(Object.fromEntries(new URLSearchParams(href.slice(2))))).toMatchObject(query)
  expect(modelQueryHref({})).toBe('/')
})

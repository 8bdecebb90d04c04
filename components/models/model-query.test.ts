import { expect, test } from 'vitest'
import { parseModelQuery } from './model-query'

test('default: every filter is read from the URL', () => {
  expect(parseModelQuery({ search: ' tiny ', sort: 'earned', licence: 'mit', family: 'llama' })).toEqual({
    search: 'tiny',
    sort: 'earned',
    licence: 'mit',
    family: 'llama',
  })
})

test('behavior: an unknown sort and empty filters are ignored', () => {
  expect(parseModelQuery({ search: '', sort: 'toString', licence: ['mit', 'x'] })).toEqual({
    search: undefined,
    sort: undefined,
    licence: 'mit',
    family: undefined,
  })
})

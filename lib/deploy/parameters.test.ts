import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parameterList, parameters } from './parameters'

test('default: the names and their order are those of Solidity’s enum', () => {
  const source = readFileSync(new URL('../../contracts/src/interfaces/IProtocol.sol', import.meta.url), 'utf8')
  const [, body] = /enum Parameter \{([^}]*)\}/.exec(source) ?? []
  const names = [...body.matchAll(/^ *(\w+),?$/gm)].map(([, name]) => name)
  const camelCase = (name: string) => name[0].toLowerCase() + name.slice(1)
  expect(names.map(camelCase)).toEqual(Object.keys(parameters))
})

test('behavior: an hour’s epoch has windows of hours, and the same amounts', () => {
  const { length } = Object.keys(parameters)
  const [days, hours] = [parameterList({}), parameterList({}, 3_600n)]
  const isWindow = Object.keys(parameters).map(
    (name, i, names) => i < names.indexOf('challengeBond') || name === 'originTime',
  )
  expect(hours).toEqual(days.map((value, i) => (isWindow[i] ? value / 24n : value)))
  expect(hours).toHaveLength(length)
})

test('behavior: a changed value keeps its place', () => {
  const changed = parameterList({ acceptWindow: 7n })
  expect(changed).toEqual(parameterList({}).with(Object.keys(parameters).indexOf('acceptWindow'), 7n))
})

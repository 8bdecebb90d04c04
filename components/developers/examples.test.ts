import { expect, test } from 'vitest'
import { type EndpointName, endpoints } from '@/lib/api/endpoints'
import { examplesOf } from './examples'

test.each(Object.keys(endpoints) as EndpointName[])('default: the examples of %s are whole', (name) => {
  const examples = examplesOf(name, 'https://kinmark.example')
  expect(Object.keys(examples)).toEqual(['curl', 'TypeScript', 'Python'])
  for (const code of Object.values(examples)) {
    expect(code).toContain('https://kinmark.example')
    expect(code).not.toContain('undefined')
  }
})

import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { attacks } from './figures'
import { MethodView } from './method-view'

test('default: the page shows every attack of the bench, and names the copies of the initial leak', () => {
  const page = renderToString(<MethodView />)
  const text = page.replaceAll('<!-- -->', '').replaceAll('&#x27;', '’')
  for (const { attack } of attacks) expect(text).toContain(attack)
  expect(text).toMatch(/Named: <strong>(Ben|Gil)/)
})

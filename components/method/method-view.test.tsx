import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { attacks } from './figures'
import { MethodView } from './method-view'

test('default: every attack of the bench stands on the page, and the leak it opens with is named', () => {
  const page = renderToString(<MethodView />)
  const text = page.replaceAll('<!-- -->', '').replaceAll('&#x27;', '’')
  for (const { attack } of attacks) expect(text).toContain(attack)
  expect(text).toMatch(/Named: <strong>(Ben|Gil)/)
})

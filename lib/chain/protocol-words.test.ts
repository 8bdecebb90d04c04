import { toFunctionSelector } from 'viem'
import { expect, test } from 'vitest'
import { protocolAbi } from './generated'
import { protocolSelectors } from './protocol-words'

test.each(Object.entries(protocolSelectors))(
  'behavior: %s has the selector and the kind that the contract has',
  (name, selector) => {
    const found = protocolAbi.filter((item) => item.type === 'function' && item.name === name)
    expect(found).toHaveLength(1)
    const [item] = found
    expect(item.type === 'function' && toFunctionSelector(item)).toBe(selector)
    expect(item.inputs).toEqual([])
    expect('outputs' in item && item.outputs.every(({ type }) => /^uint\d+$/.test(type))).toBe(true)
  },
)

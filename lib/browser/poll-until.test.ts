import { expect, test } from 'vitest'
import { pollUntil } from './poll-until'

const signal = new AbortController().signal

test('default: it resolves to true with the first yes', async () => {
  let attempts = 0
  expect(await pollUntil(async () => ++attempts === 2, signal)).toBe(true)
  expect(attempts).toBe(2)
})

test('behavior: a failed attempt counts as a no, and the attempts are limited', async () => {
  let attempts = 0
  const fail = async () => {
    attempts++
    throw new Error('down')
  }
  expect(await pollUntil(fail, signal, 2)).toBe(false)
  expect(attempts).toBe(2)
})

test('behavior: an aborted signal stops it', async () => {
  const controller = new AbortController()
  const ask = async () => {
    controller.abort()
    return true
  }
  expect(await pollUntil(ask, controller.signal)).toBe(false)
})

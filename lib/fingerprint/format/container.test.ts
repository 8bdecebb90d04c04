import { expect, test } from 'vitest'
import { readContainer, writeContainer } from './container'

const sections = [Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(4)]

test('default: the sections come back, each aligned in a buffer of its own', () => {
  const read = readContainer(2, writeContainer(2, sections))
  expect(read).toEqual(sections)
  for (const { byteOffset, buffer, byteLength } of read)
    expect([byteOffset, buffer.byteLength]).toEqual([0, byteLength])
})

test('behavior: the header is “KMFP” and the format number', () => {
  expect([...writeContainer(2, [])]).toEqual([0x4b, 0x4d, 0x46, 0x50, 0, 0, 0, 2])
})

test('error: another file, another format, a file cut at any byte', () => {
  const bytes = writeContainer(2, sections)
  const code = (name: string) => expect.objectContaining({ code: `fingerprint.${name}` })
  expect(() => readContainer(2, Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0))).toThrow(code('not-a-preparation'))
  expect(() => readContainer(2, bytes.subarray(0, 7))).toThrow(code('not-a-preparation'))
  expect(() => readContainer(3, bytes)).toThrow(
    expect.objectContaining({ code: 'fingerprint.format-unsupported', facts: { format: 2, supported: 3 } }),
  )
  for (const length of [9, 14, 17, bytes.length - 1])
    expect(() => readContainer(2, bytes.subarray(0, length))).toThrow(code('truncated'))
})

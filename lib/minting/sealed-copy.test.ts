import { createDecipheriv } from 'node:crypto'
import { keccak256, sha256, stringToBytes } from 'viem'
import { expect, test } from 'vitest'
import { ciphertextHash, copyKey, openKey, sealFiles, sealKey } from './sealed-copy'

const [secret, seed] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
const root = keccak256('0x01')

async function* parts(...texts: string[]) {
  for (const text of texts) yield stringToBytes(text)
}

async function collect(sealed: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const part of sealed) all.push(part)
  return Buffer.concat(all)
}

test('default: who knows the seed opens what was delivered, however it was cut into parts', async () => {
  const key = copyKey(secret, '7', root)
  const sealed = await collect(sealFiles(key, parts('the ', 'weights')))
  expect(await collect(sealFiles(key, parts('the weights')))).toEqual(sealed)
  const hash = await ciphertextHash(sealFiles(key, parts('the weights')))
  expect(hash).toBe(sha256(sealed))
  const opened = openKey(sealKey(key, seed, hash), seed, hash)
  expect(opened).toEqual(key)
  const cipher = createDecipheriv('aes-256-ctr', opened, new Uint8Array(16))
  expect(Buffer.concat([cipher.update(sealed), cipher.final()]).toString()).toBe('the weights')
})

test('behavior: another seed, another copy and another ciphertext give another key', () => {
  const key = copyKey(secret, '7', root)
  const sealed = sealKey(key, seed, root)
  expect(openKey(sealed, new Uint8Array(32).fill(3), root)).not.toEqual(key)
  expect(openKey(sealed, seed, keccak256(root))).not.toEqual(key)
  expect(copyKey(secret, '8', root)).not.toEqual(key)
  expect(copyKey(secret, '7', keccak256(root))).not.toEqual(key)
})

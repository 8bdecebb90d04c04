import { readFileSync } from 'node:fs'
import { hashTypedData } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { type Quote, quoteHash, quoteSchema, quoteToJson, quoteTypedData, signedQuoteSchema } from './quote'

/** The same file is read by contracts/test/lib/Vectors.t.sol. */
const vectors = JSON.parse(readFileSync(new URL('../../contracts/test/vectors.json', import.meta.url), 'utf8'))
const { hash, digest, signature, modelId, penalty, expiresAt, ...rest } = vectors.quote
const quote: Quote = quoteSchema.parse({
  ...rest,
  modelId: String(modelId),
  penalty: String(penalty),
  expiresAt: String(expiresAt),
})

test('default: a quote hashes and signs as the contracts have it', async () => {
  const typed = quoteTypedData(vectors.chainId, vectors.minterRegistry, quote)
  expect(quoteHash(quote)).toBe(hash)
  expect(hashTypedData(typed)).toBe(digest)
  expect(await privateKeyToAccount(vectors.key).signTypedData(typed)).toBe(signature)
})

test('behavior: JSON and back', () => {
  const signed = { quote, signature }
  expect(signedQuoteSchema.parse(JSON.parse(JSON.stringify(quoteToJson(signed))))).toEqual(signed)
})

test('error: a fee or an amount that the contracts could not hold', () => {
  expect(quoteSchema.safeParse({ ...quote, fee: 2 ** 32 }).success).toBe(false)
  expect(quoteSchema.safeParse({ ...quote, penalty: '-1' }).success).toBe(false)
})

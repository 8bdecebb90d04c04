import { zeroHash } from 'viem'
import { expect, test } from 'vitest'
import { localAccount } from './accounts'
import { toCopyId } from './ids'
import { type Reported, signerOf, signReport } from './report-signature'

const minter = localAccount('minter')
const subject: Reported = {
  chainId: 31337,
  copyRegistry: minter.address,
  copyId: toCopyId(1n),
  artifactRoot: zeroHash,
  fingerprintRoot: zeroHash,
}

test('default: the minter is recovered, whatever the order of the fields', async () => {
  const signature = await signReport(minter, subject, {
    success: 1,
    highConfidence: { keys: 2, chance: 0.5 },
    contexts: [{ a: 1, b: 2 }],
  })
  const back = { contexts: [{ b: 2, a: 1 }], highConfidence: { chance: 0.5, keys: 2 }, success: 1 }
  expect(await signerOf(subject, back, signature)).toBe(minter.address)
})

test('behavior: with another figure, copy, chain or contract, another signer is recovered', async () => {
  const signature = await signReport(minter, subject, { success: 1 })
  expect(await signerOf(subject, { success: 0.9 }, signature)).not.toBe(minter.address)
  for (const other of [{ copyId: toCopyId(2n) }, { chainId: 1 }, { copyRegistry: localAccount('deployer').address }])
    expect(await signerOf({ ...subject, ...other }, { success: 1 }, signature)).not.toBe(minter.address)
})

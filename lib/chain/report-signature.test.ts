import { zeroHash } from 'viem'
import { expect, test } from 'vitest'
import { localAccount } from './accounts'
import { type Reported, signerOf, signReport } from './report-signature'

const minter = localAccount('minter')
const subject: Reported = {
  chainId: 31337,
  copyRegistry: minter.address,
  copyId: '1',
  artifactRoot: zeroHash,
  fingerprintRoot: zeroHash,
}

test('default: the minter’s, in whatever order the fields come back', async () => {
  const signature = await signReport(minter, subject, {
    success: 1,
    highConfidence: { keys: 2, chance: 0.5 },
    contexts: [{ a: 1, b: 2 }],
  })
  const back = { contexts: [{ b: 2, a: 1 }], highConfidence: { chance: 0.5, keys: 2 }, success: 1 }
  expect(await signerOf(subject, back, signature)).toBe(minter.address)
})

test('behavior: another figure, copy, chain or contract is another signer’s', async () => {
  const signature = await signReport(minter, subject, { success: 1 })
  expect(await signerOf(subject, { success: 0.9 }, signature)).not.toBe(minter.address)
  for (const other of [{ copyId: '2' }, { chainId: 1 }, { copyRegistry: localAccount('deployer').address }])
    expect(await signerOf({ ...subject, ...other }, { success: 1 }, signature)).not.toBe(minter.address)
})

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
    agreement: 1,
    rounded: { int4: 0.9, int8: 0.5 },
    list: [{ a: 1, b: 2 }],
  })
  const back = { list: [{ b: 2, a: 1 }], rounded: { int8: 0.5, int4: 0.9 }, agreement: 1 }
  expect(await signerOf(subject, back, signature)).toBe(minter.address)
})

test('behavior: with another figure, copy, chain or contract, another signer is recovered', async () => {
  const signature = await signReport(minter, subject, { agreement: 1 })
  expect(await signerOf(subject, { agreement: 0.9 }, signature)).not.toBe(minter.address)
  for (const other of [{ copyId: toCopyId(2n) }, { chainId: 1 }, { copyRegistry: localAccount('deployer').address }])
    expect(await signerOf({ ...subject, ...other }, { agreement: 1 }, signature)).not.toBe(minter.address)
})

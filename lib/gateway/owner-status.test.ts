import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { testAccount } from '../../test/gateway'
import { statusMessage } from '../metering/status-message'
import { assertOwner } from './owner-status'

const owner = privateKeyToAccount(generatePrivateKey())
const operator = testAccount('operator')
const soon = () => Math.floor(Date.now() / 1000) + 600

async function authorization({ copyId = 7n, until = soon(), signer = owner, key = operator } = {}): Promise<string> {
  const signature = await signer.signMessage({ message: statusMessage({ copyId, operator: key, until }) })
  return `Kinmark ${Buffer.from(JSON.stringify({ until, signature })).toString('base64url')}`
}

const check = (given: string | undefined) =>
  assertOwner({ authorization: given, copyId: 7n, operator, owner: async () => owner.address })

test('default: the owner’s signature opens the status of this gateway until it ends', async () => {
  await expect(check(await authorization())).resolves.toBeUndefined()
})

test.each<[string, () => Promise<string | undefined> | string | undefined]>([
  ['no signature', () => undefined],
  ['another scheme', () => 'Bearer abc'],
  ['no JSON', () => 'Kinmark abc'],
  ['somebody else’s', () => authorization({ signer: privateKeyToAccount(generatePrivateKey()) })],
  ['of another copy', () => authorization({ copyId: 8n })],
  ['of another gateway', () => authorization({ key: testAccount('other') })],
  ['that has ended', () => authorization({ until: Math.floor(Date.now() / 1000) - 1 })],
  ['for longer than a day', () => authorization({ until: Math.floor(Date.now() / 1000) + 90_000 })],
])('error: a signature %s', async (_, given) => {
  await expect(check(await given())).rejects.toMatchObject({ code: 'gateway.owner-unproven' })
})

import { createWalletClient, publicActions } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../../test/anvil'
import { localAccount } from './accounts'
import { httpWithGasMargin } from './http-with-gas-margin'

let anvil: Anvil
beforeAll(async () => {
  anvil = await startAnvil()
})
afterAll(() => anvil.stop())

test('default: a transaction may use a quarter more than its estimate, and pays for what it used', async () => {
  const wallet = createWalletClient({
    account: localAccount('deployer'),
    transport: httpWithGasMargin(anvil.rpcUrl),
    pollingInterval: 20,
  }).extend(publicActions)
  const to = localAccount('minter').address
  const hash = await wallet.sendTransaction({ to, value: 1n, chain: null })
  const { gasUsed } = await wallet.waitForTransactionReceipt({ hash })
  const { gas } = await wallet.getTransaction({ hash })
  expect([gasUsed, gas]).toEqual([21_000n, 26_250n])
  expect(await wallet.estimateGas({ to, value: 1n })).toBe(26_250n)
})

import fc from 'fast-check'
import { createPublicClient, http } from 'viem'
import { expect, test } from 'vitest'
import { startAnvil } from '../../test/anvil'
import { deploy } from '../deploy/deploy'
import { localAccount } from './accounts'
import { parentCasesAbi } from './generated'
import type { ModelId } from './ids'
import { descentOf, descentTarget } from './origin'

const number = (max: bigint) => fc.bigInt({ min: 1n, max })
const modelId = number(2n ** 64n - 1n).map((id) => id.toString() as ModelId)
const version = number(2n ** 32n - 1n).map(Number)
const descents = fc.record({
  version,
  ancestor: modelId,
  ancestorVersion: version,
  displaced: fc.option(modelId),
})

test('behavior: a target says what it was made of', () => {
  fc.assert(
    fc.property(descents, (descent) => {
      expect(descentOf(descentTarget(descent))).toEqual(descent)
    }),
  )
})

test('default: a target is the one that the contract makes', async () => {
  const anvil = await startAnvil()
  try {
    const minter = localAccount('minter').address
    const { contracts } = await deploy({ rpcUrl: anvil.rpcUrl, deployer: localAccount('deployer'), minter })
    const client = createPublicClient({ transport: http(anvil.rpcUrl) })
    for (const descent of fc.sample(descents, 5)) {
      const { ancestor, displaced } = descent
      const args = [{ ...descent, ancestor: BigInt(ancestor), displaced: BigInt(displaced ?? 0) }] as const
      const target = { address: contracts.parentCases, abi: parentCasesAbi, functionName: 'targetOf', args } as const
      expect(descentTarget(descent)).toBe(await client.readContract(target))
    }
  } finally {
    await anvil.stop()
  }
})

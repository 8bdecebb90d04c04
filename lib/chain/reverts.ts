import { decodeErrorResult, type Hex } from 'viem'
import { errorFrom, type KinmarkError } from '../error'
import { contractAbis } from './contract-abis'

/** Decodes the data of a revert; null when none of our contracts declares the error. */
export function revertOf(data: Hex): KinmarkError | null {
  try {
    const { errorName, args = [], abiItem } = decodeErrorResult({ abi: contractAbis, data })
    const facts = Object.fromEntries(abiItem.inputs.map(({ name }, i) => [name, args[i]]))
    const cause = errorName === 'CreationFailed' ? revertOf(args[0] as Hex) : null
    return cause ?? errorFrom(`contract.${errorName}`, facts)
  } catch {
    return null
  }
}

import type { AbiParameterToPrimitiveType } from 'viem'
import type { contractAbis } from '../chain/contract-abis'

type Declared = Extract<(typeof contractAbis)[number], { type: 'error' }>

/** Each error that a contract declares, under `contract.` and its Solidity name, with its arguments by name. */
export type ContractErrors = {
  [E in Declared as `contract.${E['name']}`]: {
    [Input in E['inputs'][number] as Input['name']]: AbiParameterToPrimitiveType<Input>
  }
}

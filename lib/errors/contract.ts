import type { AbiParameterToPrimitiveType } from 'viem'
import type {
  caseCourtAbi,
  challengeCourtAbi,
  copyRegistryAbi,
  deployerAbi,
  keyLedgerAbi,
  minterRegistryAbi,
  modelGovernorAbi,
  modelGovernorFactoryAbi,
  modelRegistryAbi,
  modelSharesAbi,
  protocolAbi,
  protocolTimelockAbi,
  proverRegistryAbi,
  testUsdAbi,
  treasuryAbi,
  usageLedgerAbi,
} from '../chain/generated'

type Abis =
  | typeof caseCourtAbi
  | typeof challengeCourtAbi
  | typeof copyRegistryAbi
  | typeof deployerAbi
  | typeof keyLedgerAbi
  | typeof minterRegistryAbi
  | typeof modelGovernorAbi
  | typeof modelGovernorFactoryAbi
  | typeof modelRegistryAbi
  | typeof modelSharesAbi
  | typeof protocolAbi
  | typeof protocolTimelockAbi
  | typeof proverRegistryAbi
  | typeof testUsdAbi
  | typeof treasuryAbi
  | typeof usageLedgerAbi

type Declared = Extract<Abis[number], { type: 'error' }>

/** Each error that a contract declares, under `contract.` and its Solidity name, with its arguments by name. */
export type ContractErrors = {
  [E in Declared as `contract.${E['name']}`]: {
    [Input in E['inputs'][number] as Input['name']]: AbiParameterToPrimitiveType<Input>
  }
}

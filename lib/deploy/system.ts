import 'server-only'
import { type Abi, type Address, zeroAddress } from 'viem'
import {
  caseCourtAbi,
  challengeCourtAbi,
  copyRegistryAbi,
  keyLedgerAbi,
  leakCasesAbi,
  minterRegistryAbi,
  modelGovernorAbi,
  modelGovernorFactoryAbi,
  modelRegistryAbi,
  modelSharesAbi,
  originsAbi,
  parentCasesAbi,
  protocolAbi,
  protocolTimelockAbi,
  proverRegistryAbi,
  refusalCasesAbi,
  testUsdAbi,
  treasuryAbi,
  usageLedgerAbi,
  userLedgerAbi,
} from '../chain/generated'
import { type Parameters, parameterList } from './parameters'

/** Kinmark’s contracts in the order of their creation, on which their addresses depend: append new ones. */
export const contractNames = [
  'TestUSD',
  'ProtocolTimelock',
  'Protocol',
  'ModelShares',
  'ModelRegistry',
  'Treasury',
  'CopyRegistry',
  'MinterRegistry',
  'KeyLedger',
  'ProverRegistry',
  'CaseCourt',
  'ModelGovernor',
  'ModelGovernorFactory',
  'UsageLedger',
  'UserLedger',
  'ChallengeCourt',
  'LeakCases',
  'RefusalCases',
  'ParentCases',
  'Origins',
] as const

export type ContractName = (typeof contractNames)[number]

export type SystemOptions = {
  /** May name the courts once and has no other power. */
  deployer: Address
  /** Receives the protocol’s cut. */
  protocolAccount: Address
  /** May pause new business. */
  guardian: Address
  /** May annul convictions during the guarded launch. */
  council: Address
  /** May propose changes of parameters to the timelock. */
  governance: Address
  timelockSeconds: bigint
  /** Between ten minutes and a day. */
  epochSeconds: bigint
  /** Values that differ from `lib/deploy/parameters.ts`. */
  parameters: Partial<Parameters>
}

export type Creation = { abi: Abi; args: readonly unknown[] }

/** The constructor arguments of each contract. They refer to each other by addresses computed beforehand, so that no setter is needed. */
export function systemOf(addresses: Record<ContractName, Address>, usd: Address, options: SystemOptions) {
  const { deployer, protocolAccount, guardian, council, governance, timelockSeconds, epochSeconds, parameters } =
    options
  const { Protocol, ModelShares, ModelRegistry, Treasury, CopyRegistry, MinterRegistry, ProverRegistry } = addresses
  const { UsageLedger, UserLedger, CaseCourt, Origins } = addresses
  const create = (abi: Abi, ...args: unknown[]): Creation => ({ abi, args })
  return {
    TestUSD: create(testUsdAbi),
    ProtocolTimelock: create(protocolTimelockAbi, timelockSeconds, [governance], [zeroAddress]),
    Protocol: create(
      protocolAbi,
      addresses.ProtocolTimelock,
      guardian,
      council,
      epochSeconds,
      parameterList(parameters, epochSeconds),
    ),
    ModelShares: create(modelSharesAbi, ModelRegistry, Treasury, epochSeconds),
    ModelRegistry: create(
      modelRegistryAbi,
      ModelShares,
      CopyRegistry,
      Protocol,
      addresses.ModelGovernorFactory,
      Origins,
    ),
    Treasury: create(
      treasuryAbi,
      usd,
      ModelRegistry,
      Protocol,
      MinterRegistry,
      Origins,
      protocolAccount,
      ProverRegistry,
    ),
    CopyRegistry: create(
      copyRegistryAbi,
      usd,
      ModelRegistry,
      Treasury,
      Protocol,
      MinterRegistry,
      UsageLedger,
      deployer,
    ),
    MinterRegistry: create(minterRegistryAbi, usd, Protocol, Treasury, CopyRegistry),
    KeyLedger: create(keyLedgerAbi, CopyRegistry, addresses.LeakCases),
    ProverRegistry: create(proverRegistryAbi, usd, Protocol, UsageLedger, CaseCourt),
    CaseCourt: create(caseCourtAbi, usd, Protocol, ProverRegistry, mattersOf(addresses)),
    ModelGovernor: create(modelGovernorAbi, usd, ModelRegistry, Treasury),
    ModelGovernorFactory: create(modelGovernorFactoryAbi, addresses.ModelGovernor, ModelRegistry),
    UsageLedger: create(usageLedgerAbi, usd, Protocol, CopyRegistry, Treasury, UserLedger),
    UserLedger: create(userLedgerAbi, usd, Protocol, CopyRegistry, UsageLedger),
    ChallengeCourt: create(challengeCourtAbi, usd, Protocol, CopyRegistry, UsageLedger, Treasury),
    LeakCases: create(
      leakCasesAbi,
      usd,
      Protocol,
      CopyRegistry,
      ModelRegistry,
      MinterRegistry,
      addresses.KeyLedger,
      CaseCourt,
    ),
    RefusalCases: create(refusalCasesAbi, Protocol, CopyRegistry, ModelRegistry, CaseCourt),
    ParentCases: create(parentCasesAbi, usd, Protocol, ModelRegistry, Origins, CaseCourt),
    Origins: create(originsAbi, usd, Protocol, ModelRegistry, Treasury, addresses.ParentCases),
  } satisfies Record<ContractName, Creation>
}

/** What cases are about, in the order of Solidity’s enum `Kind`. */
function mattersOf({ LeakCases, RefusalCases, ParentCases }: Record<ContractName, Address>): Address[] {
  return [LeakCases, RefusalCases, ParentCases]
}

/** The contracts that may slash copies and rule on refusals. */
export function courtsOf({ ChallengeCourt, LeakCases, RefusalCases }: Record<ContractName, Address>): Address[] {
  return [ChallengeCourt, LeakCases, RefusalCases]
}

import { type Abi, type Address, zeroAddress } from 'viem'
import {
  caseCourtAbi,
  challengeCourtAbi,
  copyRegistryAbi,
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
import { type Parameters, parameterList } from './parameters'

/** Every contract of Kinmark, in the order in which they are created; new ones go to the end. */
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
  'ChallengeCourt',
] as const

export type ContractName = (typeof contractNames)[number]

export type SystemOptions = {
  /** Names the courts once, and has no other power afterwards. */
  deployer: Address
  /** Credited the protocol's cut. */
  protocolAccount: Address
  /** May pause new business. */
  guardian: Address
  /** Proposes changes of parameters to the timelock. */
  governance: Address
  timelockSeconds: bigint
  epochSeconds: bigint
  cutsBps: { protocol: number; prover: number; minter: number }
  /** What differs from `lib/deploy/parameters.ts`. */
  parameters: Partial<Parameters>
}

export type Creation = { abi: Abi; args: readonly unknown[] }

/** What each contract is created with. They know each other by addresses computed beforehand, so none can be changed. */
export function systemOf(at: Record<ContractName, Address>, usd: Address, options: SystemOptions) {
  const { deployer, protocolAccount, guardian, governance, timelockSeconds, epochSeconds, cutsBps, parameters } =
    options
  const { protocol: protocolBps, prover: proverBps, minter: minterBps } = cutsBps
  const { Protocol, ModelShares, ModelRegistry, Treasury, CopyRegistry, MinterRegistry, ProverRegistry } = at
  const create = (abi: Abi, ...args: unknown[]): Creation => ({ abi, args })
  return {
    TestUSD: create(testUsdAbi),
    ProtocolTimelock: create(protocolTimelockAbi, timelockSeconds, [governance], [zeroAddress]),
    Protocol: create(protocolAbi, at.ProtocolTimelock, guardian, epochSeconds, parameterList(parameters)),
    ModelShares: create(modelSharesAbi, ModelRegistry, Treasury),
    ModelRegistry: create(modelRegistryAbi, ModelShares, CopyRegistry, Protocol),
    Treasury: create(
      treasuryAbi,
      usd,
      ModelRegistry,
      protocolBps,
      proverBps,
      minterBps,
      protocolAccount,
      ProverRegistry,
    ),
    CopyRegistry: create(copyRegistryAbi, usd, ModelRegistry, Treasury, Protocol, MinterRegistry, deployer),
    MinterRegistry: create(minterRegistryAbi, usd, Protocol, CopyRegistry),
    KeyLedger: create(keyLedgerAbi, deployer),
    ProverRegistry: create(proverRegistryAbi, usd, Protocol, at.CaseCourt),
    CaseCourt: create(caseCourtAbi, usd, Protocol, CopyRegistry, ProverRegistry),
    ModelGovernor: create(modelGovernorAbi, usd, ModelRegistry, Treasury),
    ModelGovernorFactory: create(modelGovernorFactoryAbi, at.ModelGovernor, ModelRegistry),
    UsageLedger: create(usageLedgerAbi, usd, Protocol, CopyRegistry, Treasury),
    ChallengeCourt: create(
      challengeCourtAbi,
      usd,
      Protocol,
      ModelRegistry,
      CopyRegistry,
      at.UsageLedger,
      at.KeyLedger,
      Treasury,
    ),
  } satisfies Record<ContractName, Creation>
}

/** Who may slash and burn keys. */
export function courtsOf({ CaseCourt, ChallengeCourt }: Record<ContractName, Address>): Address[] {
  return [CaseCourt, ChallengeCourt]
}

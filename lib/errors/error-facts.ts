import type { ChainErrors } from './chain'
import type { CliErrors } from './cli'
import type { ContractErrors } from './contract'
import type { DeployErrors } from './deploy'
import type { FingerprintErrors } from './fingerprint'
import type { FormatErrors } from './format'
import type { InferenceErrors } from './inference'
import type { MarketErrors } from './market'
import type { MerkleErrors } from './merkle'
import type { MintingErrors } from './minting'
import type { OpenaiErrors } from './openai'
import type { ScreensErrors } from './screens'
import type { StartErrors } from './start'
import type { StorageErrors } from './storage'
import type { WeightsErrors } from './weights'

/** Every code of an error, with the numbers and names that its sentence needs. */
export type ErrorFacts = ChainErrors &
  CliErrors &
  ContractErrors &
  DeployErrors &
  FingerprintErrors &
  FormatErrors &
  InferenceErrors &
  MarketErrors &
  MerkleErrors &
  MintingErrors &
  OpenaiErrors &
  ScreensErrors &
  StartErrors &
  StorageErrors &
  WeightsErrors & { legacy: { message: string } }

import type { BrowserErrors } from './browser'
import type { ChainErrors } from './chain'
import type { CliErrors } from './cli'
import type { ContractErrors } from './contract'
import type { DeployErrors } from './deploy'
import type { DownloadErrors } from './download'
import type { FingerprintErrors } from './fingerprint'
import type { FormErrors } from './form'
import type { GatewayErrors } from './gateway'
import type { InferenceErrors } from './inference'
import type { MarketErrors } from './market'
import type { MerkleErrors } from './merkle'
import type { MintingErrors } from './minting'
import type { OpenaiErrors } from './openai'
import type { OutboundErrors } from './outbound'
import type { PayerErrors } from './payer'
import type { PlaygroundErrors } from './playground'
import type { PublishErrors } from './publish'
import type { ServeErrors } from './serve'
import type { StartErrors } from './start'
import type { StorageErrors } from './storage'
import type { VerifyErrors } from './verify'
import type { WalletErrors } from './wallet'
import type { WeightsErrors } from './weights'

/** Every code of an error, with the numbers and names that its sentence needs. */
export type ErrorFacts = BrowserErrors &
  ChainErrors &
  CliErrors &
  ContractErrors &
  DeployErrors &
  DownloadErrors &
  FingerprintErrors &
  FormErrors &
  GatewayErrors &
  InferenceErrors &
  MarketErrors &
  MerkleErrors &
  MintingErrors &
  OpenaiErrors &
  OutboundErrors &
  PayerErrors &
  PlaygroundErrors &
  PublishErrors &
  ServeErrors &
  StartErrors &
  StorageErrors &
  VerifyErrors &
  WalletErrors &
  WeightsErrors

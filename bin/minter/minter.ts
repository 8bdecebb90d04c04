import type { Hex } from 'viem'
import type { Env } from '../../lib/env'
import type { MinterClient } from './minter-client'

/** A minter's environment, its access to the app, and the key that signs its quotes, reports and deliveries. */
export type Minter = {
  env: Env
  client: MinterClient
  key: Hex
  /** The app as buyers reach it: deliveries name it. */
  publicUrl: string
  /** What its quotes promise. */
  offer: Offer
}

/** The same for every quote. */
type Offer = {
  /** USDC of 6 decimals. */
  fee: number
  secondsToDeliver: number
  /** USDC of 6 decimals. */
  penalty: bigint
}

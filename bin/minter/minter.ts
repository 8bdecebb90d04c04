import type { Hex } from 'viem'
import type { Env } from '../../lib/env'
import type { MinterClient } from './minter-client'

/** A minter's environment, its access to the app, and the key that signs its reports and deliveries. */
export type Minter = { env: Env; client: MinterClient; key: Hex }

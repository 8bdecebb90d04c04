import type { Hex } from 'viem'
import type { Env } from '../../lib/env'
import type { MinterClient } from './minter-client'

/** What a minter works with: its environment, the app, and the key that signs reports and deliveries. */
export type Minter = { env: Env; client: MinterClient; key: Hex }

import type { ChainErrors } from '../../lib/errors/chain'
import type { Messages } from '../messages'

export const chain: Messages<ChainErrors> = {}

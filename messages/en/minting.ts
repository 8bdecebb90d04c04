import type { MintingErrors } from '../../lib/errors/minting'
import type { Messages } from '../messages'

export const minting: Messages<MintingErrors> = {}

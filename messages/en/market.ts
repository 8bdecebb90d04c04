import type { MarketErrors } from '../../lib/errors/market'
import type { Messages } from '../messages'

export const market: Messages<MarketErrors> = {}

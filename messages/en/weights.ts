import type { WeightsErrors } from '../../lib/errors/weights'
import type { Messages } from '../messages'

export const weights: Messages<WeightsErrors> = {}

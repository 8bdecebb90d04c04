import type { StartErrors } from '../../lib/errors/start'
import type { Messages } from '../messages'

export const start: Messages<StartErrors> = {}

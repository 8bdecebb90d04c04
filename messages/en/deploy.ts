import type { DeployErrors } from '../../lib/errors/deploy'
import type { Messages } from '../messages'

export const deploy: Messages<DeployErrors> = {}

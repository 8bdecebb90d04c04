import type { CliErrors } from '../../lib/errors/cli'
import type { Messages } from '../messages'

export const cli: Messages<CliErrors> = {}

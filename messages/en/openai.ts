import type { OpenaiErrors } from '../../lib/errors/openai'
import type { Messages } from '../messages'

export const openai: Messages<OpenaiErrors> = {}

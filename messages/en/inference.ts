import type { InferenceErrors } from '../../lib/errors/inference'
import type { Messages } from '../messages'

export const inference: Messages<InferenceErrors> = {}

import type { ScreensErrors } from '../../lib/errors/screens'
import type { Messages } from '../messages'

export const screens: Messages<ScreensErrors> = {}

import type { BrowserErrors } from '../../lib/errors/browser'
import type { Messages } from '../messages'

export const browser: Messages<BrowserErrors> = {
  'browser.folder-too-large': ({ limit }) =>
    `The folder has more than ${limit} files. Choose the folder that contains only the model.`,
  'browser.server-unreachable': () => 'Connection lost. Check your network and try again.',
  'browser.request-refused': ({ reason }) => reason,
  'browser.request-failed': ({ status }) => `The server answered with status ${status}. Try again in a moment.`,
}

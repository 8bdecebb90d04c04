import type { BrowserErrors } from '../../lib/errors/browser'
import type { Messages } from '../messages'

export const browser: Messages<BrowserErrors> = {
  'browser.folder-too-large': ({ limit }) =>
    `The folder has more than ${limit} files. Choose the folder that contains only the model.`,
  'browser.offline': () => 'You are offline. Nothing is lost: try again when the connection is back.',
  'browser.part-missing': () => 'A part of this page could not be loaded. Check your network, then reload the page.',
  'browser.server-unreachable': () => 'Connection lost. Check your network and try again.',
  'browser.request-refused': ({ reason }) => reason,
  'browser.request-failed': ({ status }) => `The server answered with status ${status}. Try again in a moment.`,
}

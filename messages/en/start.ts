import type { StartErrors } from '../../lib/errors/start'
import type { Messages } from '../messages'

export const start: Messages<StartErrors> = {
  'start.app-status': ({ status }) => `The app answers with status ${status}.`,
  'start.build-failed': ({ name, status }) =>
    `Building the ${name} ended with status ${status}: see its messages above.`,
  'start.contracts-outdated': ({ file }) =>
    `“${file}” describes contracts of another version of Kinmark: npm start -- --fresh begins anew and deletes the local chain, the database and every upload.`,
  'start.demo-copy-ended': ({ copyId, state }) => `Copy ${copyId} cannot be served: it is ${state}.`,
  'start.demo-not-finalized': ({ folder }) => `The demo model ${folder} could not be finalized: see the app’s log.`,
  'start.folder-foreign': ({ folder }) =>
    `“${folder}” holds files that are not Kinmark’s: choose an empty folder with KINMARK_DATA.`,
  'start.index-behind': ({ indexed, head }) =>
    `Block ${indexed ?? 'none'} of ${head ?? 'an unknown number'} is indexed.`,
  'start.not-ready': ({ part, seconds }) =>
    `The ${part} was not ready within ${seconds} seconds: see the logs in the data folder.`,
  'start.port-taken': ({ port, program, variable }) =>
    `Port ${port} for the ${program} is taken: stop the program that uses it, or choose another one with ${variable}=${port + 10} npm start.`,
}

import type { DownloadErrors } from '../../lib/errors/download'
import { formatBytes } from '../../lib/format/sizes'
import type { Messages } from '../messages'

export const download: Messages<DownloadErrors> = {
  'download.other-tab': ({ path }) =>
    `“${path}” is being downloaded by another tab. When it has finished, try again: what is stored stays.`,
  'download.storage-blocked': () =>
    'This browser does not let Kinmark store files, as in a private window. Use an ordinary window, or the direct links below.',
  'download.no-space': ({ path, needed, free }) =>
    `“${path}” needs ${formatBytes(needed)} more${free === null ? '' : `, and ${formatBytes(free)} are free`}. Free some space and go on: what is stored stays.`,
  'download.failed': ({ path, reason }) => `“${path}” could not be downloaded: ${reason}. Try again.`,
  'download.resume-unsupported': ({ path }) =>
    `The server cannot resume “${path}” in the middle of the file. Try again.`,
  'download.size-mismatch': ({ path, size, expected }) =>
    `“${path}” has ${size} bytes; ${expected} were expected. Try again.`,
  'download.hash-mismatch': ({ path, sha256, expected }) =>
    `“${path}” has SHA-256 ${sha256}; ${expected} was expected. The file was deleted: download it again.`,
  'download.root-mismatch': ({ root, onChain }) =>
    `These files have the artifact root ${root}; the chain has ${onChain}. Do not accept this copy.`,
  'download.files-evicted': () =>
    'The browser deleted downloaded files, probably for lack of disk space. Free some space and download again.',
}

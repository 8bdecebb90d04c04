import type { PublishErrors } from '../../lib/errors/publish'
import type { Messages } from '../messages'

export const publish: Messages<PublishErrors> = {
  'publish.file-unreadable': ({ path, reason }) =>
    `“${path}” cannot be read. If it was changed or moved, choose the folder again. (${reason})`,
  'publish.files-many': ({ files, limit }) =>
    `The folder has ${files} files; a model may have ${limit}. Take out what is not part of the model.`,
  'publish.file-missing': ({ path }) =>
    `“${path}” belongs to this draft, but it is not in the folder that you chose. Choose the original folder.`,
  'publish.upload-refused': ({ path, reason }) => `“${path}” could not be uploaded: ${reason}`,
  'publish.connection-lost': ({ path }) => `“${path}”: connection lost. Try again to resume the upload.`,
}

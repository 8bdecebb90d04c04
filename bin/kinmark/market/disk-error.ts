import { KinmarkError } from '../../../lib/error'

const reasons: Partial<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'its disk is read-only',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such folder',
  EEXIST: 'a file is in the way',
  ENAMETOOLONG: 'its name is too long',
}

/** The error of ours for a file that could not be written; anything else as it is. */
export function diskError(error: unknown, path: string): unknown {
  const { code = '' } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return new KinmarkError('cli.disk-full', { path }, { cause: error })
  const reason = reasons[code]
  return reason ? new KinmarkError('cli.path-unwritable', { path, reason }, { cause: error }) : error
}

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testUploads } from '../../test/upload-store'
import { diskBlobs } from './disk-blobs'
import { diskUploads } from './disk-uploads'

const folder = mkdtempSync(join(tmpdir(), 'kinmark-uploads-'))

testUploads(() => {
  const blobs = diskBlobs(join(folder, 'blobs'))
  return { blobs, waiting: diskUploads(join(folder, 'uploads'), blobs) }
})

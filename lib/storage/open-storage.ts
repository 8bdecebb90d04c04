import { join } from 'node:path'
import type { Blobs } from './blobs'
import { diskBlobs } from './disk-blobs'
import { diskUploads } from './disk-uploads'
import type { S3Place } from './s3-place'
import type { UploadStore } from './upload-store'

/** What `readEnv` says of the storage. */
type Place = { data: string; s3: S3Place | null }

/** The blobs, and where uploads wait before they are blobs: in the bucket where one is configured, else in folders. */
export async function openStorage({ data, s3 }: Place): Promise<{ blobs: Blobs; waiting: UploadStore }> {
  if (s3) return openBucket(s3)
  const blobs = diskBlobs(join(data, 'blobs'))
  return { blobs, waiting: diskUploads(join(data, 'uploads'), blobs) }
}

/** The blobs alone. */
export async function openBlobs(place: Place): Promise<Blobs> {
  return place.s3 ? (await openBucket(place.s3)).blobs : diskBlobs(join(place.data, 'blobs'))
}

/** The SDK is loaded where it is used. */
async function openBucket(s3: S3Place): Promise<{ blobs: Blobs; waiting: UploadStore }> {
  const [{ s3Blobs }, { s3Uploads }] = await Promise.all([import('./s3-blobs'), import('./s3-uploads')])
  const blobs = s3Blobs(s3)
  return { blobs, waiting: s3Uploads(s3, blobs) }
}

import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { S3Store } from '@tus/s3-store'
import type { S3Blobs } from './s3-blobs'
import { s3Config } from './s3-client'
import type { S3Place } from './s3-place'
import type { UploadStore } from './upload-store'

const described = '.info'

/** tus's store. Its own `remove` leaves what is whole, and asks for checksums that not every server takes. */
class PartStore extends S3Store {
  override async remove(id: string): Promise<void> {
    const known = await this.getMetadata(id).catch(() => null)
    const ignore = () => undefined
    if (known)
      await this.client
        .abortMultipartUpload({ Bucket: this.bucket, Key: id, UploadId: known['upload-id'] })
        .catch(ignore)
    for (const Key of [id, this.partKey(id, true), this.infoKey(id)])
      await this.client.deleteObject({ Bucket: this.bucket, Key })
    await this.clearCache(id)
  }
}

/** Uploads that go into the bucket part by part. They lie beside the blobs, which have names with a slash. */
export function s3Uploads(place: S3Place, blobs: S3Blobs): UploadStore {
  const client = new S3Client(s3Config(place))
  const data = new PartStore({ useTags: false, s3ClientConfig: { ...s3Config(place), bucket: place.bucket } })
  return {
    data,
    async list() {
      const uploads = []
      let next: string | undefined
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket: place.bucket, Delimiter: '/', ContinuationToken: next }),
        )
        for (const { Key } of page.Contents ?? []) {
          if (!Key?.endsWith(described)) continue
          const upload = await data.getUpload(Key.slice(0, -described.length)).catch(() => null)
          if (upload) uploads.push(upload)
        }
        next = page.NextContinuationToken
      } while (next)
      return uploads
    },
    take: (id, sha256) => blobs.adopt(id, sha256),
    drop: (id) => data.remove(id),
  }
}

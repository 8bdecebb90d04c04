import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { KinmarkError } from '../error'
import { s3Config } from './s3-client'
import type { S3Place } from './s3-place'

/**
 * Throws `storage.bucket-unusable` where the bucket does not exist or the keys do not open it, and the SDK's own error where
 * the store does not answer.
 */
export async function assertBucket(place: S3Place): Promise<void> {
  try {
    await new S3Client(s3Config(place)).send(new HeadBucketCommand({ Bucket: place.bucket }))
  } catch (cause) {
    const { httpStatusCode: status } = (cause as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {}
    if (status === undefined || status >= 500) throw cause
    throw new KinmarkError('storage.bucket-unusable', { bucket: place.bucket, status }, { cause })
  }
}

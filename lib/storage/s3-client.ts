import type { S3ClientConfig } from '@aws-sdk/client-s3'
import type { S3Place } from './s3-place'

/** How long a connection may take, and how long an answer may say nothing, in milliseconds. */
const patience = { connectionTimeout: 5_000, socketTimeout: 30_000 }

/** Stores other than AWS's own know neither its checksums in trailers nor, often, buckets as host names. */
export function s3Config({ endpoint, region, accessKeyId, secretAccessKey }: S3Place): S3ClientConfig {
  return {
    ...(endpoint && { endpoint, forcePathStyle: true }),
    ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
    region,
    maxAttempts: 5,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: patience,
  }
}

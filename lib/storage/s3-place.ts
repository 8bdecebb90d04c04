/** A bucket of S3 or of a store that speaks its protocol. */
export type S3Place = {
  /** Without it, AWS's own for the region. */
  endpoint?: string
  region: string
  bucket: string
  /** Without them, the SDK looks where it always does: environment, profile, the machine's role. */
  accessKeyId?: string
  secretAccessKey?: string
}

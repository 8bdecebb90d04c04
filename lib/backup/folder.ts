import { createHash } from 'node:crypto'
import { z } from 'zod'
import { sha256 } from '../manifest/file-schema'

/** The files of a backup’s folder, besides one `TABLE.jsonl.gz` for each table. */
export const backupFiles = { manifest: 'backup.json', keys: 'keys.sealed', deployment: 'deployment.json' }

const whole = z.number().int().nonnegative()

export const manifestSchema = z.object({
  /** When it was made, in ISO 8601. */
  at: z.iso.datetime(),
  /** Names the schema: when the newest migration was written, in milliseconds. */
  migration: z.number(),
  /** By name. The hash is of the table’s file. */
  tables: z.record(z.string().regex(/^[a-z_]+$/), z.object({ rows: whole, sha256 })),
  /** The blobs that the tables need. Their bytes are in the store, or in a folder beside it. */
  blobs: z.array(z.object({ sha256, size: whole })),
})
export type BackupManifest = z.infer<typeof manifestSchema>

export const keysSchema = z.object({
  /** 64 hex digits. */
  master: z.string().regex(/^[0-9a-f]{64}$/),
  /** The other keys that were in the environment, by variable. */
  variables: z.record(z.string(), z.string()),
})
export type Keys = z.infer<typeof keysSchema>

/** The keys are sealed under the manifest’s hash and open with no other manifest, so that a changed backup is found. */
export function sealName(manifest: string): string {
  return `backup ${createHash('sha256').update(manifest).digest('hex')}`
}

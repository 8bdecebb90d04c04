import { join, resolve } from 'node:path'
import { z } from 'zod'
import { LegacyError } from './error'

const optional = z
  .string()
  .optional()
  .transform((text) => text || undefined)
const whole = z.coerce.number('is not a number').int('is not a whole number').positive('must be above 0')

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** The lowest severity that the servers log. */
export const logLevel = z.enum(logLevels, `is not one of ${logLevels.join(', ')}`)

const schema = z
  .object({
    /** Everything that is kept: chain, database, blobs, keys. */
    KINMARK_DATA: z
      .string()
      .default('data')
      .transform((path) => resolve(path)),
    PORT: whole.default(3000),
    KINMARK_CHAIN_PORT: whole.default(8545),
    /** A chain other than the local one. */
    KINMARK_RPC_URL: optional,
    /** The same chain as browsers reach it. */
    KINMARK_PUBLIC_RPC_URL: optional,
    KINMARK_CHAIN_NAME: optional,
    KINMARK_EXPLORER_URL: optional,
    /** Where Kinmark lives on the chain: lib/deploy/deployment.ts. */
    KINMARK_DEPLOYMENT: optional,
    /** Postgres instead of the embedded database. */
    DATABASE_URL: optional,
    /** 64 hex digits; without it, a key file in the data folder. */
    KINMARK_MASTER_KEY: optional,
    /** What workers show to lease jobs; without it, derived from the master key. */
    KINMARK_MINTER_TOKEN: optional,
    /** The address people open, such as https://kinmark.example, when a proxy stands in front. */
    KINMARK_ORIGIN: optional,
    KINMARK_MAX_FILE_BYTES: whole.default(64 * 2 ** 30),
    /** Fingerprints in every copy. */
    KINMARK_KEYS: whole.default(128),
    /** Read by lib/log.ts. */
    KINMARK_LOG_LEVEL: logLevel.default('info'),
    WALLETCONNECT_PROJECT_ID: optional,
  })
  .transform((env) => {
    const rpcUrl = env.KINMARK_RPC_URL ?? `http://127.0.0.1:${env.KINMARK_CHAIN_PORT}`
    return {
      data: env.KINMARK_DATA,
      port: env.PORT,
      chainPort: env.KINMARK_CHAIN_PORT,
      rpcUrl,
      publicRpcUrl: env.KINMARK_PUBLIC_RPC_URL ?? rpcUrl,
      chainName: env.KINMARK_CHAIN_NAME ?? 'Kinmark local',
      explorerUrl: env.KINMARK_EXPLORER_URL ?? null,
      deploymentFile: env.KINMARK_DEPLOYMENT ?? join(env.KINMARK_DATA, 'deployment.json'),
      databaseUrl: env.DATABASE_URL,
      masterKey: env.KINMARK_MASTER_KEY,
      minterToken: env.KINMARK_MINTER_TOKEN,
      origin: env.KINMARK_ORIGIN,
      maxFileBytes: env.KINMARK_MAX_FILE_BYTES,
      fingerprintKeys: env.KINMARK_KEYS,
      walletConnectProjectId: env.WALLETCONNECT_PROJECT_ID ?? null,
    }
  })

export type Env = z.infer<typeof schema>

/** The environment, checked once: a wrong variable is named before anything starts. */
export function readEnv(variables: Record<string, string | undefined> = process.env): Env {
  const { data, error } = schema.safeParse(variables)
  if (data) return data
  const { path, message } = error.issues[0]
  throw new LegacyError(`The environment variable ${path.join('.')} ${message}.`, { cause: error })
}

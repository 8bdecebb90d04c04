import { join, resolve } from 'node:path'
import { z } from 'zod'
import { KinmarkError } from './error'

const optional = z
  .string()
  .optional()
  .transform((text) => text || undefined)
const origin = z
  .literal('')
  .or(z.url({ protocol: /^https?$/ }))
  .optional()
  .transform((url) => (url ? new URL(url).origin : undefined))
const whole = z.coerce.number().int().positive()

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** The lowest severity that the servers log. */
export const logLevel = z.enum(logLevels)

const schema = z
  .object({
    /** The folder for everything that is stored: chain, database, blobs, keys. */
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
    /** The file with the contracts' addresses: lib/deploy/deployment.ts. */
    KINMARK_DEPLOYMENT: optional,
    /** Postgres instead of the embedded database. */
    DATABASE_URL: optional,
    /** 64 hex digits; without it, a key file in the data folder. */
    KINMARK_MASTER_KEY: optional,
    /** The bearer token of minters; without it, derived from the master key. */
    KINMARK_MINTER_TOKEN: optional,
    /** The address that people open, such as https://kinmark.example. Without it, only this machine can sign in. */
    KINMARK_ORIGIN: origin,
    KINMARK_MAX_FILE_BYTES: whole.default(64 * 2 ** 30),
    /** Keys per model: every copy answers all of them. */
    KINMARK_KEYS: whole.default(1024),
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
      /** Where people may sign in: the public address, or this machine's own. */
      origins: env.KINMARK_ORIGIN
        ? [env.KINMARK_ORIGIN]
        : ['localhost', '127.0.0.1', '[::1]'].map((host) => `http://${host}:${env.PORT}`),
      maxFileBytes: env.KINMARK_MAX_FILE_BYTES,
      fingerprintKeys: env.KINMARK_KEYS,
      walletConnectProjectId: env.WALLETCONNECT_PROJECT_ID ?? null,
    }
  })

export type Env = z.infer<typeof schema>

/**
 * The environment, validated. Throws `market.variable-unknown` for a wrong choice, `market.variable-not-url` for a wrong
 * address and `market.variable-invalid` for a wrong number.
 */
export function readEnv(variables: Record<string, string | undefined> = process.env): Env {
  const { data, error } = schema.safeParse(variables)
  if (data) return data
  const [issue] = error.issues
  const variable = String(issue.path[0])
  const value = variables[variable] ?? ''
  if (issue.code === 'invalid_format')
    throw new KinmarkError('market.variable-not-url', { variable, value }, { cause: error })
  throw issue.code === 'invalid_value'
    ? new KinmarkError(
        'market.variable-unknown',
        { variable, value, allowed: issue.values.map(String) },
        { cause: error },
      )
    : new KinmarkError('market.variable-invalid', { variable, value }, { cause: error })
}

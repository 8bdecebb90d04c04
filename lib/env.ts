import { join, resolve } from 'node:path'
import ipaddr from 'ipaddr.js'
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
const isAddressOrRange = (text: string) => (text.includes('/') ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text))
/** Addresses and CIDR ranges, with commas between them. */
const addresses = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .refine((list) => list.every(isAddressOrRange))
const whole = z.coerce.number().int().positive()

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** What other programs read: bin/minter.ts, bin/backup.ts, bin/start, `npm run deploy`, the gateway, and tests. */
const otherVariables =
  /^KINMARK_(URL|PUBLIC_URL|MINTER_(KEY|FEE|HOURS|PENALTY|CACHE_BYTES)|BACKUP_PASSPHRASE|SUPERVISOR|DEPLOYER_KEY|E2E_\w+|TEST_\w+|PICTURES|POSTGRES_BIN|API_KEY|UPSTREAM_KEY)$/

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
    /** Another RPC of the same chain, for when the first does not answer. */
    KINMARK_RPC_FALLBACK_URL: optional,
    KINMARK_PUBLIC_RPC_URL: optional,
    KINMARK_CHAIN_NAME: optional,
    KINMARK_EXPLORER_URL: optional,
    /** The file with the contracts' addresses: lib/chain/deployment.ts. */
    KINMARK_DEPLOYMENT: optional,
    /** Postgres instead of the embedded database. */
    DATABASE_URL: optional,
    /** A bucket instead of the folder for blobs. Its keys are where the AWS SDK looks for them: AWS_ACCESS_KEY_ID and so on. */
    KINMARK_S3_BUCKET: optional,
    /** Where the bucket is, if not at AWS. */
    KINMARK_S3_ENDPOINT: z
      .literal('')
      .or(z.url({ protocol: /^https?$/ }))
      .optional()
      .transform((url) => url || undefined),
    KINMARK_S3_REGION: z.string().default('us-east-1'),
    /** 64 hex digits; without it, a key file in the data folder. */
    KINMARK_MASTER_KEY: optional,
    /** The bearer token of minters; without it, derived from the master key. */
    KINMARK_MINTER_TOKEN: optional,
    /** The address that people open, such as https://kinmark.example. Without it, only this machine can sign in. */
    KINMARK_ORIGIN: origin,
    /** The address at which the app listens: this machine alone, or with KINMARK_ORIGIN every network. */
    KINMARK_HOST: optional,
    /** Reverse proxies whose X-Forwarded-For counts. */
    KINMARK_PROXIES: addresses,
    /** Test servers only: webhooks may go to this machine and its network, also without TLS. */
    KINMARK_PRIVATE_WEBHOOKS: z.literal(['', '0', '1']).default('0'),
    /** Where to report weaknesses, as a mailto: or https: address, for /.well-known/security.txt. */
    KINMARK_SECURITY_CONTACT: optional,
    /** Bytes of an account's drafts that are not registered. */
    KINMARK_MAX_DRAFT_BYTES: whole.default(256 * 2 ** 30),
    KINMARK_MAX_FILE_BYTES: whole.default(64 * 2 ** 30),
    /** Keys per model: every copy answers all of them. By default as many as its width asks for. */
    KINMARK_KEYS: whole.optional(),
    /** How many minters that share KINMARK_DATA may work on one preparation at the same time. */
    KINMARK_PREPARATION_SHARES: whole.max(64).default(1),
    /** After SIGTERM: how long the app says that it is not ready before it stops taking requests, and how long those that run may take. */
    KINMARK_DRAIN_SECONDS: whole.optional(),
    KINMARK_STOP_SECONDS: whole.default(6),
    /** Whether drafts and uploads that are expired are deleted, or only logged. */
    KINMARK_EXPIRY: z.enum(['delete', 'log']).default('delete'),
    /** The private key, 32 bytes in hex, of the account that pays for questions to hosts; without it, nothing is measured. */
    KINMARK_PROBER_KEY: z
      .literal('')
      .or(z.string().regex(/^0x[0-9a-fA-F]{64}$/))
      .optional()
      .transform((key) => (key ? (key as `0x${string}`) : null)),
    /** Whether `npm start` runs a host and a user of its own on the local chain. */
    KINMARK_DEMO_HOST: z.enum(['on', 'off']).default('on'),
    /** Read by lib/log.ts. */
    KINMARK_LOG_LEVEL: logLevel.default('info'),
    WALLETCONNECT_PROJECT_ID: optional,
  })
  .transform((env) => {
    const host = env.KINMARK_HOST ?? (env.KINMARK_ORIGIN ? '0.0.0.0' : '127.0.0.1')
    const rpcUrl = env.KINMARK_RPC_URL ?? `http://127.0.0.1:${env.KINMARK_CHAIN_PORT}`
    return {
      data: env.KINMARK_DATA,
      port: env.PORT,
      chainPort: env.KINMARK_CHAIN_PORT,
      rpcUrl,
      /** The RPC and the one that is asked when it does not answer. */
      rpcUrls: [rpcUrl, ...(env.KINMARK_RPC_FALLBACK_URL ? [env.KINMARK_RPC_FALLBACK_URL] : [])],
      publicRpcUrl: env.KINMARK_PUBLIC_RPC_URL ?? rpcUrl,
      chainName: env.KINMARK_CHAIN_NAME ?? 'Kinmark local',
      explorerUrl: env.KINMARK_EXPLORER_URL ?? null,
      deploymentFile: env.KINMARK_DEPLOYMENT ?? join(env.KINMARK_DATA, 'deployment.json'),
      databaseUrl: env.DATABASE_URL,
      s3: env.KINMARK_S3_BUCKET
        ? { bucket: env.KINMARK_S3_BUCKET, endpoint: env.KINMARK_S3_ENDPOINT, region: env.KINMARK_S3_REGION }
        : null,
      masterKey: env.KINMARK_MASTER_KEY,
      minterToken: env.KINMARK_MINTER_TOKEN,
      /** Where people may sign in: the public address, or this machine's own. */
      origins: env.KINMARK_ORIGIN
        ? [env.KINMARK_ORIGIN]
        : ['localhost', '127.0.0.1', '[::1]'].map((host) => `http://${host}:${env.PORT}`),
      host,
      /** The app as programs of this machine reach it. */
      site: siteOf(host, env.PORT),
      proxies: env.KINMARK_PROXIES,
      privateWebhooks: env.KINMARK_PRIVATE_WEBHOOKS === '1',
      securityContact: env.KINMARK_SECURITY_CONTACT ?? null,
      maxDraftBytes: env.KINMARK_MAX_DRAFT_BYTES,
      maxFileBytes: env.KINMARK_MAX_FILE_BYTES,
      fingerprintKeys: env.KINMARK_KEYS,
      proberKey: env.KINMARK_PROBER_KEY,
      demoHost: env.KINMARK_DEMO_HOST === 'on',
      preparationShares: env.KINMARK_PREPARATION_SHARES,
      drainMs: 1000 * (env.KINMARK_DRAIN_SECONDS ?? 0),
      stopMs: 1000 * env.KINMARK_STOP_SECONDS,
      expiry: env.KINMARK_EXPIRY,
      walletConnectProjectId: env.WALLETCONNECT_PROJECT_ID ?? null,
    }
  })

export type Env = z.infer<typeof schema>

/** Variables that look like ours and that nothing reads: maybe a name is misspelt. */
export function unknownVariables(variables: Record<string, string | undefined> = process.env): string[] {
  const isKnown = (name: string) => name in schema.in.shape || otherVariables.test(name)
  return Object.keys(variables).filter((name) => name.startsWith('KINMARK_') && !isKnown(name))
}

/**
 * The environment, validated. Throws `market.variable-unknown` for a wrong choice, `market.variable-not-url` for a wrong
 * address, `market.variable-invalid` for any other wrong value, and `market.origin-missing` where other machines reach the
 * app but nothing says under which address.
 */
export function readEnv(variables: Record<string, string | undefined> = process.env): Env {
  const { data, error } = schema.safeParse(variables)
  if (data) {
    assertPinned(data, variables)
    return data
  }
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

/**
 * A server that others reach must know its own address. Otherwise a page of another site could have its visitors sign in
 * here, because only the `Host` that this page chooses would tell the two apart.
 */
function assertPinned({ host, publicRpcUrl }: Env, { KINMARK_ORIGIN }: Record<string, string | undefined>): void {
  if (KINMARK_ORIGIN) return
  const open = [host, new URL(publicRpcUrl).hostname].find((name) => !isLoopback(name))
  if (open !== undefined) throw new KinmarkError('market.origin-missing', { host: open })
}

/** A server on every network answers on this machine's own address too. */
function siteOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

function isLoopback(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '')
  return host === 'localhost' || (ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback')
}

import 'server-only'
import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { deriveKey, seal, unseal } from '../../sealing/seal'

const keyOf = (master: Uint8Array) => deriveKey(master, 'webhooks')

/** `whsec_` and 32 bytes in base64. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

/** A webhook’s secret as the database keeps it. */
export function sealSecret(master: Uint8Array, webhook: string, secret: string): string {
  return Buffer.from(seal(keyOf(master), webhook, Buffer.from(secret))).toString('base64')
}

export function unsealSecret(master: Uint8Array, webhook: string, sealed: string): string {
  return Buffer.from(unseal(keyOf(master), webhook, Buffer.from(sealed, 'base64'))).toString()
}

/** The headers of Standard Webhooks: a signature by each secret, HMAC-SHA-256 over id, time and body. */
export function signedHeaders(secrets: string[], id: string, at: Date, payload: string): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, payload)).join(' '),
  }
}

import { z } from 'zod'
import { type ApiScope, apiScopes } from '../../../lib/api/scopes'
import { KinmarkError } from '../../../lib/error'
import { formatDateTime } from '../../../lib/format/times'
import { type CommandOptions, type CommandResult, integerOf, type Values } from '../options'
import { member } from './login-file'

const usualMinutes = 60
const mostMinutes = 1440

const schema = z.object({ token: z.string(), expiresAt: z.number() })

/** Prints a token for another program, such as CI: it allows no more than this login, and ends soon. */
export async function token(values: Values, { say, signal }: CommandOptions): Promise<CommandResult> {
  const scopes = scopesOf(values)
  const minutes = integerOf(values, 'minutes', { least: 1, most: mostMinutes }) ?? usualMinutes
  const { site } = await member(values, signal)
  const { name = 'CI' } = values
  const made = await site.call(schema, 'POST', '/api/tokens/self', { name, scopes, minutes })
  say(`For KINMARK_TOKEN, until ${formatDateTime(made.expiresAt)}; KINMARK_SITE is ${site.url}.`)
  return { text: made.token, json: { ...made, site: site.url, scopes }, yes: true }
}

function scopesOf({ scopes = 'copies:read' }: Values): ApiScope[] {
  return scopes
    .split(',')
    .filter(Boolean)
    .map((text) => {
      const scope = apiScopes.find((each) => each === text.trim())
      if (!scope) throw new KinmarkError('cli.choice-invalid', { option: 'scopes', value: text, choices: apiScopes })
      return scope
    })
}

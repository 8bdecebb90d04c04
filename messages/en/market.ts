import type { MarketErrors } from '../../lib/errors/market'
import { formatBytes } from '../../lib/format/sizes'
import type { Messages } from '../messages'

const partsAway = {
  database: 'The database does not answer at the moment.',
  files: 'The store with the files does not answer at the moment.',
  chain: 'The chain does not answer at the moment.',
}

export const market: Messages<MarketErrors> = {
  'market.body-invalid': ({ path, reason }) =>
    path ? `The request’s field ${path} cannot be used: ${reason}.` : `The request’s body cannot be used: ${reason}.`,
  'market.body-too-large': ({ bytes, limit }) => `The request has ${bytes} bytes; at most ${limit} are allowed.`,
  'market.copy-not-delivered': ({ copy }) => `Copy ${copy} has not been delivered yet.`,
  'market.case-keys-elsewhere': ({ case: id }) =>
    `Another minter made the copy of case ${id}. Ask it for the keys of the drawn eighth.`,
  'market.case-unknown': ({ case: id }) => `There is no case ${id}.`,
  'market.copy-not-minted': ({ copy }) => `Copy ${copy} has not been minted yet.`,
  'market.copy-not-yours': ({ copy }) => `You have no copy ${copy}.`,
  'market.copy-unknown': ({ copy }) => `There is no copy ${copy}.`,
  'market.cursor-invalid': () =>
    'The cursor is not one of this list: use `next` of the page before, with the same order, or none.',
  'market.database-unusable': ({ reason }) => `The database that DATABASE_URL names cannot be used: ${reason}.`,
  'market.deployment-missing': ({ file }) =>
    `There is no deployment file at ${file}. Start with \`npm start\`, which deploys to the local chain.`,
  'market.disk-full': () =>
    'The server’s disk is full. What has arrived is kept: try again once its operator has made room.',
  'market.draft-empty': () => 'A model needs at least one file.',
  'market.draft-file-unknown': ({ path }) => `The draft has no file “${path}”.`,
  'market.draft-published': ({ model }) =>
    `You have published these files already, as model ${model}. Another bond for the same was not taken.`,
  'market.draft-quota': ({ bytes, limit }) =>
    `Your drafts would have ${formatBytes(bytes)}; ${formatBytes(limit)} are allowed. Publish or discard one first.`,
  'market.drafts-many': ({ limit }) => `You have ${limit} drafts, the most allowed. Publish or discard one first.`,
  'market.draft-unknown': ({ draft }) => `You have no draft ${draft}.`,
  'market.endpoint-unknown': ({ path }) => `The API has no ${path}: /api/v1/openapi.json lists what it has.`,
  'market.file-changed': ({ path, announced, found }) =>
    `“${path}” arrived with the SHA-256 ${found}; ${announced} was announced. Choose the file again.`,
  'market.file-not-uploaded': ({ path }) => `“${path}” has not been uploaded yet.`,
  'market.file-size': ({ path, announced, found }) =>
    `“${path}” was announced with ${announced} bytes; the upload has ${found}.`,
  'market.file-too-large': ({ path, bytes, limit }) =>
    `“${path}” has ${bytes} bytes; a file may have at most ${limit}.`,
  'market.file-unknown': ({ kind, id, path }) => `${kind === 'copy' ? 'Copy' : 'Model'} ${id} has no file “${path}”.`,
  'market.internal': ({ request }) =>
    `The server failed, and nothing of yours was changed. The reason is in the server’s log${request ? ` under ${request}` : ''}.`,
  'market.keys-missing': ({ model }) => `Model ${model} has no keys yet: its minter is making them.`,
  'market.listening-unknown': ({ listening }) =>
    `There is no listening “${listening}” of yours. Results are kept for 30 days.`,
  'market.listenings-many': ({ limit }) =>
    `You have ${limit} files of answers in the queue, the most allowed. Wait until one is judged.`,
  'market.login-pending': () => 'Nobody has let this program in yet.',
  'market.login-unknown': () =>
    'No program waits under this code: it has ended, or was answered, or the code has a typing error. Start the login again.',
  'market.minter-not-named': ({ model, minter }) =>
    `The owner of model ${model} has not named the minter ${minter}, so nobody here can mint it.`,
  'market.message-unknown': ({ message }) => `This webhook has no message ${message}.`,
  'market.model-not-yours': ({ model, controller }) =>
    `${controller} decides for model ${model}: only who controls a model may read its keys.`,
  'market.model-unknown': ({ model }) => `There is no model ${model}.`,
  'market.host-address': ({ url }) => `“${url}” is not a public address over TLS.`,
  'market.host-unknown': ({ copy, number }) => `Copy ${copy} has no open deployment ${number}.`,
  'market.no-faucet': ({ chainId }) => `Chain ${chainId} has no faucet: only the local chain has one.`,
  'market.origin-missing': ({ host }) =>
    `Other machines can reach ${host}: set KINMARK_ORIGIN to the address that people open, such as https://kinmark.example. Without it, anybody’s site could sign visitors in here.`,
  'market.no-local-clock': ({ chainId }) =>
    `The time of chain ${chainId} passes by itself: only a local chain can skip it.`,
  'market.origin-foreign': ({ origin }) => `A page of ${origin} may not send requests here.`,
  'market.not-juror': ({ case: id }) =>
    `You have no seat in case ${id}, or its jurors do not vote on a leak now. Sign in with the address that was drawn.`,
  'market.part-away': ({ part }) => `${partsAway[part]} Nothing was lost: try again in a few seconds.`,
  'market.parameter-invalid': ({ parameter, reason }) => `The parameter ${parameter} cannot be used: ${reason}.`,
  'market.proposal-unknown': ({ model, proposal }) => `Model ${model} has no proposal ${proposal}.`,
  'market.quote-unknown': ({ quote }) => `You have asked for no quote ${quote}.`,
  'market.rate-limited': ({ uses, limit }) =>
    `${uses} such requests came within a minute; ${limit} are allowed. Try again in a minute.`,
  'market.seed-taken': () => 'Another account has stored this seed. Begin the order again, with a seed of your own.',
  'market.seeds-many': ({ limit }) =>
    `You have begun ${limit} orders without paying, the most allowed. Pay one of them, or try again in a month.`,
  'market.sign-in-chain': ({ signed, chainId }) =>
    `The sign-in message is for ${signed === null ? 'no chain' : `chain ${signed}`}; this is chain ${chainId}.`,
  'market.sign-in-elsewhere': ({ domain, uri, origins }) =>
    `The sign-in message is for “${domain || uri || 'no site'}”, and this server accepts ${origins.join(', ')}: open one of these, or set KINMARK_ORIGIN to the address that people open.`,
  'market.sign-in-expired': () => 'This sign-in was used before, or is too old, or your clock is wrong: sign in again.',
  'market.sign-in-invalid': ({ account, domain }) =>
    account
      ? `The signature is not a sign-in of ${account} at ${domain}: sign in again.`
      : `The sign-in message for ${domain} names no account: sign in again.`,
  'market.sign-in-needed': () => 'Sign in with your wallet first.',
  'market.token-invalid': () =>
    'This API token is unknown or has ended: make another one under “API tokens”, or log in again.',
  'market.token-needed': ({ scope }) => `This needs an API token with the scope ${scope}.`,
  'market.token-scope': ({ scope }) => `This API token does not have the scope ${scope}: make another one.`,
  'market.tokens-many': ({ limit }) => `You have ${limit} API tokens, the most allowed. End one first.`,
  'market.transcript-too-long': ({ number, limit }) =>
    `Transcript ${number} has more than ${limit.toLocaleString('en')} characters. Leave it out, or give a part of it.`,
  'market.variable-not-url': ({ variable, value }) =>
    `The environment variable ${variable} must be an address such as https://kinmark.example, not “${value}”.`,
  'market.variable-invalid': ({ variable, value }) =>
    variable === 'KINMARK_PROXIES'
      ? `The environment variable ${variable} must list addresses and ranges such as 10.0.0.0/8, not “${value}”.`
      : `The environment variable ${variable} must be a whole number above 0, not “${value}”.`,
  'market.variable-unknown': ({ variable, value, allowed }) =>
    `The environment variable ${variable} must be one of ${allowed.join(', ')}, not “${value}”.`,
  'market.version-unknown': ({ model, version }) => `Model ${model} has no version ${version} with files here.`,
  'market.webhook-address': ({ address }) =>
    `“${address}” is not an address for a webhook: it must begin with https:// and have no user name or password.`,
  'market.webhook-unknown': ({ webhook }) => `You have no webhook ${webhook}.`,
  'market.webhooks-many': ({ limit }) => `You have ${limit} webhooks, the most allowed. End one first.`,
  'market.visitors-copy-missing': ({ model }) => `Visitors’ copy of ${model} has not been minted yet.`,
  'market.weights-private': ({ model }) =>
    `The creator of ${model} does not let visitors load its weights: get a copy instead.`,
  'market.prober-poor': ({ account, has, needed }) => `The prober ${account} has ${has} of ${needed} units of USDC.`,
}

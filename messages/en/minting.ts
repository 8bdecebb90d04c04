import type { MintingErrors } from '../../lib/errors/minting'
import { formatUsdc } from '../../lib/format/amounts'
import type { Messages } from '../messages'

export const minting: Messages<MintingErrors> = {
  'minting.app-failed': ({ status }) => `The app answered with status ${status}.`,
  'minting.app-unreachable': ({ url, reason }) => `The app at ${url} cannot be reached: ${reason}.`,
  'minting.artifact-root': ({ announced, found }) =>
    `The files have the artifact root ${found}; ${announced} was announced.`,
  'minting.blob-foreign': ({ blob }) => `The blob ${blob} is not part of this work.`,
  'minting.blob-missing': ({ blob }) => `The app has no blob ${blob}.`,
  'minting.blob-too-short': ({ path, needed, available }) =>
    `“${path}” needs ${needed} bytes of a blob that has ${available}.`,
  'minting.bond-reserved': ({ free, penalty }) =>
    `The minter takes no order now: ${formatUsdc(free)} USDC of its bond are free, and a quote promises ${formatUsdc(penalty)} USDC. Try again when its open orders are done.`,
  'minting.file-missing': ({ path }) => `The minter does not hold “${path}”, so it quotes nothing for this model.`,
  'minting.key-pool-differs': ({ held, committed }) =>
    `The minter holds the key pool ${held}; the chain names ${committed}. It cannot mint this version.`,
  'minting.key-pool-foreign': ({ committed }) =>
    `The key pool on the chain, ${committed}, was not made here, so this minter cannot mint this version.`,
  'minting.keys-missing': ({ copy }) =>
    `Copy ${copy} cannot be minted: the key pool of its version is not on this server.`,
  'minting.lease-over': () => 'This lease is over: another minter has the order, or the order is done.',
  'minting.link-invalid': () => 'This link is over, or was changed: ask for another one.',
  'minting.listening-lost': ({ tries }) =>
    `The minter stopped ${tries} times while it read these answers. Try again with fewer of them.`,
  'minting.not-deliverable': ({ copy, state }) =>
    `Copy ${copy} is ${state} on the chain, so it cannot be delivered any more.`,
  'minting.quote-invalid': ({ quote }) => `The answer to request ${quote} is not a signed quote for it.`,
  'minting.report-signer': ({ signer, recovered }) =>
    recovered
      ? `The quality report is signed by ${recovered}; it names ${signer}.`
      : `The quality report has an invalid signature; it names ${signer}.`,
  'minting.seed-missing': ({ copy }) =>
    `Copy ${copy} cannot be minted: the seed that its order names was never stored on this server.`,
  'minting.seed-unknown': () =>
    'The seed of this request is not stored on this server, so nothing can be minted with it. Ask again.',
  'minting.segments-size': ({ path, size, segments }) => `“${path}” has ${size} bytes; its segments have ${segments}.`,
  'minting.token-wrong': () => 'Only minters may do this: the bearer token is missing or wrong.',
  'minting.tokenizer-missing': ({ model }) =>
    `Model ${model} has no tokenizer that the minter can read, so texts say nothing about it. Test it with keys.`,
  'minting.transaction-reverted': ({ transaction }) => `Transaction ${transaction} was reverted.`,
  'minting.transfer-refused': ({ status }) => `The store of files answered with status ${status}.`,
  'minting.unexpected': ({ reason }) => `The copy could not be minted: ${reason}`,
  'minting.variable-invalid': ({ variable, reason }) =>
    `The environment variable ${variable} cannot be used: ${reason}.`,
}

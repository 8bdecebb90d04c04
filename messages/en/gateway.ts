import type { GatewayErrors } from '../../lib/errors/gateway'
import { formatUsdc } from '../../lib/format/amounts'
import type { Messages } from '../messages'

const served = {
  unknown: 'no copy has this number',
  'not-active': 'it is not active',
  'no-collateral': 'it has no collateral left',
}

const disclosed = {
  unreadable: 'it is not the file with disclosed keys that a copy’s page gives to its buyer',
  'other-copy': 'its keys are those of another copy',
  'other-root': 'the chain has another fingerprint root for this copy',
  unproved: 'its answers are not those that the fingerprint root names',
}

export const gateway: Messages<GatewayErrors> = {
  'gateway.client-gone': () => 'The client closed the connection.',
  'gateway.field-invalid': ({ field, reason }) => `“${field}” is invalid: ${reason}`,
  'gateway.two-formats': ({ path, field }) =>
    `${path} takes no “${field}”, which belongs to another format: send one request in one format.`,
  'gateway.upstream-unreachable': ({ reason }) => `The model’s server cannot be reached (${reason}).`,
  'gateway.upstream-silent': ({ seconds }) => `The model’s server was silent for ${seconds} s.`,
  'gateway.upstream-redirected': () => 'The model’s server redirects elsewhere, and redirects are not followed.',
  'gateway.upstream-status': ({ status }) => `The model’s server answered with status ${status}.`,
  'gateway.upstream-format': ({ reason }) => `The model’s server does not answer in the format asked for: ${reason}.`,
  'gateway.upstream-broken': () => 'The model’s server ended its answer in the middle.',
  'gateway.answer-too-large': ({ maxBytes }) =>
    `The model’s server answered with more than ${maxBytes.toLocaleString('en')} bytes.`,
  'gateway.receipt-unknown': ({ id }) => `There is no receipt “${id.slice(0, 80)}”.`,
  'gateway.log-failed': ({ reason }) => `The log of receipts cannot be written (${reason}), so nothing is answered.`,
  'gateway.log-damaged': ({ file, offset }) =>
    `“${file}” is damaged at byte ${offset.toLocaleString('en')}, before records that were stored safely. Restore it from a copy: going on could sign two receipts with one number.`,
  'gateway.log-other': ({ file }) => `“${file}” belongs to another chain, copy, key or epoch.`,
  'gateway.books-left': ({ seconds }) =>
    `The shared database was out of reach for more than ${seconds} s, so the other gateways have taken back what this one had promised: start it again.`,
  'gateway.books-cap-differs': ({ cap, others }) =>
    `This operator key may sign for ${cap.toLocaleString('en')} tokens an epoch, those of the copy’s other gateways for ${others.toLocaleString('en')}: any of them reports for all, so give all the same “--cap”.`,
  'gateway.operator-runs': ({ operator }) =>
    `A gateway with the operator key ${operator} runs already: each gateway needs a folder, and so a key, of its own.`,
  'gateway.books-in-folder': ({ folder }) =>
    `“${folder}” holds receipts of this copy, and the shared database holds others: two receipts with one number cost the collateral. Let this gateway report its epochs without “--database” and its users’ vouchers settle, then start with an empty folder.`,
  'gateway.books-shared': ({ folder }) =>
    `The books of this copy are in a database, as “${folder}” says: start the gateway with “--database”.`,
  'gateway.other-operator': ({ operator }) =>
    `This copy has another open deployment, with the operator key ${operator}. Two gateways without a shared database would give their receipts the same numbers, which costs the collateral: start both with “--database”, or close the other deployment.`,
  'gateway.key-cap-reached': ({ cap }) =>
    `The operator key may sign for ${cap.toLocaleString('en')} tokens an epoch, and they are used up: try again in the next epoch.`,
  'gateway.payment-missing': ({ copyId, price }) =>
    `Answers of copy ${copyId} cost ${formatUsdc(price)} USDC for a million tokens: pay with “kinmark user”, or by x402.`,
  'gateway.disclosed-keys-invalid': ({ file, reason }) => `“${file}” cannot be used: ${disclosed[reason]}.`,
  'gateway.upstream-other-weights': ({ asked, answered, matching }) =>
    `The model’s server does not serve this copy: of ${asked} disclosed keys it answered ${answered} with one of their two answers, and ${matching} as this copy does.`,
  'gateway.key-unknown': () => 'This host has given out no such key.',
  'gateway.key-revoked': ({ id }) => `The host has revoked the key ${id}.`,
  'gateway.key-expired': ({ expiresAt }) => `The key expired at ${new Date(expiresAt * 1000).toISOString()}.`,
  'gateway.key-rate-exceeded': ({ perMinute, seconds }) =>
    `The key may make ${perMinute.toLocaleString('en')} calls a minute: try again in ${seconds} s.`,
  'gateway.key-budget-spent': ({ left, needed }) =>
    `The request may cost ${formatUsdc(needed)} USDC, but ${formatUsdc(left)} USDC of the key’s budget are left.`,
  'gateway.keys-unreadable': ({ file, reason }) => `“${file}” does not hold keys: ${reason}.`,
  'gateway.key-not-found': ({ id }) => `There is no key “${id}”: “kinmark gateway keys list” names them.`,
  'gateway.payment-malformed': ({ reason }) => `The payment cannot be read: ${reason}.`,
  'gateway.payment-other': ({ field, given, expected }) =>
    `The payment’s “${field}” is “${given}”; this host takes “${expected}”.`,
  'gateway.payment-expired': ({ validBefore }) => `The payment ends at ${validBefore}: sign a new one.`,
  'gateway.payment-too-long': ({ validBefore }) =>
    `The payment is valid until ${validBefore}; this host takes none that is valid for more than an hour.`,
  'gateway.payment-too-low': ({ value, due }) =>
    `The payment is ${formatUsdc(value)} USDC, but this request may cost ${formatUsdc(due)} USDC.`,
  'gateway.payment-refused': ({ reason }) => `The token does not accept the payment: ${reason}`,
  'gateway.payment-void': () =>
    'The payment was cancelled, used elsewhere, or not made in time. It moved no money to this host.',
  'gateway.payment-pending': () =>
    'The chain has not said yet what became of the payment. Send this request again with the same payment, and no other.',
  'gateway.payment-busy': () => 'A call with this payment is running: wait for its answer.',
  'gateway.payment-differs': ({ field }) => `The payment was sent before with another “${field}”.`,
  'gateway.payment-id-used': ({ id }) => `The payer has given the id “${id}” to another payment.`,
  'gateway.payment-answered': ({ receipt }) =>
    `The payment was answered before, with the receipt ${receipt}, and the answer is no longer stored.`,
  'gateway.voucher-malformed': ({ reason }) => `The voucher cannot be read: ${reason}.`,
  'gateway.voucher-signature': () => 'The voucher’s signature is invalid.',
  'gateway.voucher-signer': ({ signer }) =>
    `${signer} signed the voucher, and is neither its user nor a key that the user named for this reservation.`,
  'gateway.voucher-other-copy': ({ given, served: own }) => `The voucher is for copy ${given}; this is copy ${own}.`,
  'gateway.voucher-expired': ({ expiresAt }) => `The voucher’s session key expired at ${expiresAt}.`,
  'gateway.voucher-above-key': ({ amount, most }) =>
    `The voucher promises ${formatUsdc(amount)} USDC, but its session key may promise ${formatUsdc(most)} USDC.`,
  'gateway.voucher-above-reservation': ({ amount, available }) =>
    `The voucher promises ${formatUsdc(amount)} USDC, but ${formatUsdc(available)} USDC are reserved.`,
  'gateway.voucher-reservation-leaving': () =>
    'The user has asked for the reservation back, so it pays for no more answers: reserve again.',
  'gateway.voucher-used': () => 'The voucher was used before: sign one for each request.',
  'gateway.voucher-units-low': ({ units, needed }) =>
    `The voucher covers ${units.toLocaleString('en')} tokens, but ${needed.toLocaleString('en')} are needed with this request.`,
  'gateway.voucher-amount-low': ({ amount, needed }) =>
    `The voucher promises ${formatUsdc(amount)} USDC, but ${formatUsdc(needed)} USDC are needed with this request.`,
  'gateway.copy-not-served': ({ copyId, reason }) => `Copy ${copyId} cannot be served: ${served[reason]}.`,
  'gateway.chain-differs': ({ expected, found }) =>
    `The deployment file is for chain ${expected}, but the RPC server answers for chain ${found}.`,
  'gateway.contract-missing': ({ address }) => `There is no contract at ${address} on this chain.`,
  'gateway.url-invalid': ({ option, value }) =>
    `--${option} must be an address that begins with http:// or https://, not “${value}”.`,
  'gateway.key-file-invalid': ({ file }) => `“${file}” does not hold a private key of 32 bytes in hex.`,
  'gateway.option-invalid': ({ option, value, expected }) => `--${option} must be ${expected}, not “${value}”.`,
  'gateway.upstream-no-models': ({ url }) => `“${url}” lists no model at /v1/models.`,
  'gateway.user-key-unnamed': ({ key, copyId }) =>
    `The user has not named ${key} for its reservation with copy ${copyId}.`,
  'gateway.owner-unproven': () => 'Only the copy’s owner may read this: sign the request.',
  'gateway.host-receipt-wrong': ({ reason }) => `The host’s receipt is wrong: ${reason}.`,
  'gateway.host-distrusted': ({ reason }) => `Nothing more is sent to this host: ${reason}.`,
  'gateway.budget-spent': ({ needed, available }) =>
    `The request may cost ${formatUsdc(needed)} USDC, but ${formatUsdc(available)} USDC are left: reserve more, or ask for a shorter answer.`,
}

import type { FingerprintErrors } from '../../lib/errors/fingerprint'
import { formatSigned } from '../../lib/format/numbers'
import { formatPercent } from '../../lib/format/odds'
import type { Messages } from '../messages'

type Shortfall = FingerprintErrors['fingerprint.quality-too-low']['shortfalls'][number]

export const fingerprint: Messages<FingerprintErrors> = {
  'fingerprint.secret-length': ({ length }) => `A model secret has 32 bytes; this one has ${length}.`,
  'fingerprint.key-count': ({ keys, min, max }) =>
    `The number of keys must be an integer from ${min} to ${max}, not ${keys}.`,
  'fingerprint.layers-invalid': ({ layers, depth }) =>
    `The layers to edit must be ascending integers from 0 to ${depth - 1}, not ${layers.length === 0 ? 'an empty list' : `“${layers.join(', ')}”`}.`,
  'fingerprint.edit-overflow': ({ tensor, dtype }) =>
    `The edit of “${tensor}” does not fit into ${dtype}: a weight would overflow.`,
  'fingerprint.quality-too-low': ({ shortfalls }) =>
    `The copy misses its quality limits: ${shortfalls.map(shortfallText).join(', and ')}. Prepare with fewer keys.`,
  'fingerprint.other-base': ({ expected, found }) =>
    `The preparation belongs to another model: it was made for weights ${expected.slice(0, 12)}…, and these are ${found.slice(0, 12)}….`,
  'fingerprint.fine-tune-marked': () =>
    'The model in --fine-tune was made from a copy: it leans at secret keys as that copy’s bits say, or against them. Beside it, answers of others would accuse the copy’s buyer. Take a fine-tune of the unmarked model.',
  'fingerprint.not-positive-definite': ({ size, pivot, value }) =>
    `The matrix of ${size} × ${size} is not positive definite: pivot ${pivot} is ${value.toPrecision(3)}, and it must be above 0.`,
  'fingerprint.not-a-preparation': () => 'This is not a preparation: it does not begin with “KMFP”.',
  'fingerprint.format-unsupported': ({ format, supported }) =>
    `The preparation has format ${format}, and this program reads format ${supported}: prepare the model again. Copies of the older preparation can be traced with the program that minted them.`,
  'fingerprint.truncated': ({ bytes, section }) =>
    `The preparation is truncated: it has ${bytes} bytes, and section ${section} ends after them.`,
  'fingerprint.section-missing': ({ section, sections }) =>
    `The preparation refers to section ${section}, but it has only ${sections}.`,
  'fingerprint.matrix-size': ({ numbers, rows, cols }) =>
    `The preparation holds a matrix of ${rows} × ${cols} with ${numbers} numbers instead of ${rows * cols}.`,
  'fingerprint.copy-unknown': ({ copyId, copies }) =>
    `Copy “${copyId}” is not among the ${copies} copies minted under this preparation.`,
  'fingerprint.token-outside-vocabulary': ({ token, vocab }) =>
    `The keys use token ${token}, but this model has only ${vocab} tokens: it is not related to the model that the keys were made for.`,
  'fingerprint.keys-not-text': ({ keys }) =>
    `None of the ${keys} keys can be sent as text: the model was prepared without a tokenizer.`,
  'fingerprint.no-answers': () => 'There is no text to score: every transcript needs an answer.',
  'fingerprint.votes-count': ({ votes, keys }) => `There must be one vote per key: ${keys}, not ${votes}.`,
  'fingerprint.ties-too-few': ({ keys, ties }) =>
    `${keys} keys were requested, but the model hesitates at only ${ties} of the prompts it wrote: prepare with fewer keys.`,
}

function shortfallText({ measure, value, limit }: Shortfall): string {
  const share = (when: string) =>
    `${when}${formatPercent(value)} of its keys lean as its bits say (at least ${formatPercent(limit)} must)`
  switch (measure) {
    case 'agreement':
      return share('')
    case 'int8':
    case 'int4':
      return share(`rounded to ${measure}, `)
    case 'loss':
      return `its loss on held-out text is ${formatSigned(value, 3)} (at most ${formatSigned(limit, 3)} is allowed)`
    case 'divergence':
      return `its divergence from the model is ${value.toFixed(3)} nats per token (at most ${limit.toFixed(3)} is allowed)`
  }
}

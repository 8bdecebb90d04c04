import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/** The command line of `npm run bench:attacks`. */
export const { values: given } = parseArgs({
  options: {
    folder: { type: 'string', default: 'public/models/tiny' },
    /** A fine-tune of the unmarked base; “none” where there is none. */
    child: { type: 'string', default: 'public/models/tiny-shakespeare' },
    /** Held-out text to price attacks by; the model's own otherwise. */
    held: { type: 'string' },
    /** Text to tune on; otherwise the child's own, or the model's. */
    text: { type: 'string' },
    /** Number of keys; by default as many as the model's width asks for. */
    keys: { type: 'string' },
    margin: { type: 'string', default: '2' },
    floor: { type: 'string', default: '1' },
    layers: { type: 'string' },
    /** File that the preparation is kept in, for the next run with the same options. */
    kept: { type: 'string' },
    harm: { type: 'string' },
    /** Copies on the books. */
    books: { type: 'string', default: '10000' },
    /** Every second attack, fewer pairs and tunings, and no coalitions of five: within ten minutes. */
    quick: { type: 'boolean', default: false },
    /** Attacks that cost at most so much, nats per token, are followed by another. */
    price: { type: 'string', default: '0.05' },
    /** Only attacks whose names this regular expression finds, for a model that takes long. */
    only: { type: 'string', default: '' },
    /** Copies with fingerprints by fine-tuning; with three there are coalitions of them. */
    'sft-copies': { type: 'string' },
    /** Leaves out fingerprints by fine-tuning. */
    'no-sft': { type: 'boolean', default: false },
    /** Judges also as one who knows the child that an attack has mixed in. */
    'fine-tune': { type: 'boolean', default: false },
    /** Judges the kept rows' votes again, for a judge that has changed since. */
    'judge-again': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    threads: { type: 'string', default: '1' },
    /** Writes FILE.json, for the page /method, and FILE.svg, price against evidence. */
    docs: { type: 'string' },
    out: { type: 'string', default: join(tmpdir(), 'kinmark-attacks.json') },
  },
})

/** Options that no row depends on. */
export const free = [
  'quick',
  'json',
  'threads',
  'docs',
  'no-sft',
  'sft-copies',
  'only',
  'judge-again',
  'fine-tune',
  'price',
]

import type { CliErrors } from '../../lib/errors/cli'
import type { Messages } from '../messages'

export const cli: Messages<CliErrors> = {
  'cli.interrupted': () => 'Interrupted.',
  'cli.command-unknown': ({ command, commands }) =>
    `There is no command “${command}”: the commands are ${commands.join(', ')}.`,
  'cli.argument-count': ({ command, expected, given }) =>
    `“kinmark ${command}” takes ${expected} ${expected === 1 ? 'argument' : 'arguments'}, not ${given}; see “kinmark --help”.`,
  'cli.usage': ({ reason }) => `${reason}${/[.!?]$/.test(reason) ? '' : '.'} See “kinmark --help”.`,
  'cli.option-missing': ({ option }) => `--${option} is missing; see “kinmark --help”.`,
  'cli.number-invalid': ({ option, value }) => `--${option} must be a positive number, not “${value}”.`,
  'cli.integer-invalid': ({ option, value, least, most }) =>
    `--${option} must be a whole number from ${least} to ${most}, not “${value}”.`,
  'cli.layers-invalid': ({ value }) => `--layers must be numbers separated by commas, such as 1,2,3, not “${value}”.`,
  'cli.bytes32-invalid': ({ source, characters }) =>
    `“${source}” must hold 32 bytes in hex, which are 64 digits, but it has ${characters} characters.`,
  'cli.copy-id-invalid': ({ copyId }) =>
    `“${copyId.slice(0, 80)}” is not a valid copy ID: use at most 64 letters, digits, “.”, “_” and “-”, and no “.” at the beginning.`,
  'cli.copy-seed-differs': ({ copyId }) =>
    `Copy “${copyId}” was minted with another seed: omit --seed to mint it again, or choose another copy ID.`,
  'cli.file-unreadable': ({ path }) => `“${path}” cannot be read: check that the file exists and is readable.`,
  'cli.file-exists': ({ path }) => `“${path}” already exists; choose another --out.`,
  'cli.folder-not-empty': ({ folder, entries }) =>
    `“${folder}” already holds ${entries} ${entries === 1 ? 'file' : 'files'}; choose an empty or new folder for --out.`,
  'cli.folder-unusable': ({ path }) => `“${path}” is not a folder that can be written to.`,
  'cli.preparation-exists': ({ folder }) =>
    `“${folder}” already holds a preparation, and copies minted under it could no longer be traced; choose another --out.`,
  'cli.preparation-missing': ({ folder, file }) =>
    `“${folder}” holds no preparation: “${file}” cannot be read there. Run “kinmark prepare” first.`,
  'cli.tokenizer-missing': ({ option }) =>
    `--${option} needs the model’s tokenizer, but the model’s folder has no “tokenizer.json”.`,
  'cli.chat-template-missing': () =>
    'The transcripts are conversations, but the folder of --base has no chat template.',
  'cli.text-too-short': ({ path, tokens, min }) =>
    `“${path}” has ${tokens} tokens; at least ${min} are needed to measure the quality loss.`,
  'cli.delta-name-invalid': ({ path }) =>
    `With --delta, --out must be a file name that ends in “.safetensors”, not “${path}”.`,
  'cli.delta-other-base': ({ file, folder, expected, found }) =>
    `The delta belongs to another base: “${file.slice(0, 80)}” had ${expected.size} bytes and SHA-256 ${expected.sha256.slice(0, 12)}… when the copy was minted, but in “${folder}” it ${found ? `has ${found.size} bytes and SHA-256 ${found.sha256.slice(0, 12)}…` : 'is missing'}.`,
  'cli.delta-tensor-unknown': ({ delta, tensor, folder }) =>
    `“${delta}” edits the tensor “${tensor.slice(0, 80)}”, but “${folder}” has no tensor of that name.`,
  'cli.keys-leased': ({ requested, available, leased, target }) =>
    `${requested} keys were requested, but only ${available} are available for “${target}”, because ${leased} are leased to other endpoints: use fewer, or prepare more keys.`,
  'cli.lease-conflict': ({ folder }) => `Another program is leasing keys in “${folder}”; try again.`,
}

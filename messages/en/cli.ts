import type { CliErrors } from '../../lib/errors/cli'
import { formatUsdc } from '../../lib/format/amounts'
import type { Messages } from '../messages'

export const cli: Messages<CliErrors> = {
  'cli.interrupted': () => 'Interrupted.',
  'cli.command-unknown': ({ command, commands }) =>
    `There is no command “${command}”: the commands are ${commands.join(', ')}.`,
  'cli.argument-count': ({ command, expected, given }) =>
    `“kinmark ${command}” takes ${expected} ${expected === 1 ? 'argument' : 'arguments'}, not ${given}; see “kinmark --help”.`,
  'cli.shell-unknown': ({ shell, shells }) =>
    `There is no completion for “${shell}”: the shells are ${shells.join(', ')}.`,
  'cli.package-missing': ({ package: name }) =>
    `This command runs models, for which it needs the package ${name}: install it beside this one with “npm install ${name}”.`,
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
  'cli.fine-tune-unused': ({ target }) =>
    `--fine-tune is for endpoints. “${target.slice(0, 80)}” is a folder: give --base alone, and its weights are compared as well.`,
  'cli.fine-tune-foreign': ({ folder, tensor }) =>
    `“${folder}” is no fine-tune of the model in --base: its “${tensor.slice(0, 80)}” is missing or has another shape.`,
  'cli.text-too-short': ({ path, tokens, min }) =>
    `“${path}” has ${tokens} tokens; at least ${min} are needed to measure the quality loss.`,
  'cli.delta-name-invalid': ({ path }) =>
    `With --delta, --out must be a file name that ends in “.safetensors”, not “${path}”.`,
  'cli.delta-other-base': ({ file, folder, expected, found }) =>
    `The delta belongs to another base: “${file.slice(0, 80)}” had ${expected.size} bytes and SHA-256 ${expected.sha256.slice(0, 12)}… when the copy was minted, but in “${folder}” it ${found ? `has ${found.size} bytes and SHA-256 ${found.sha256.slice(0, 12)}…` : 'is missing'}.`,
  'cli.delta-tensor-unknown': ({ delta, tensor, folder }) =>
    `“${delta}” edits the tensor “${tensor.slice(0, 80)}”, but “${folder}” has no tensor of that name.`,
  'cli.choice-invalid': ({ option, value, choices }) =>
    `--${option} must be one of ${choices.join(', ')}, not “${value.slice(0, 80)}”.`,
  'cli.option-foreign': ({ command, option, options }) =>
    `“kinmark ${command}” has no option --${option}; it has ${options.map((name) => `--${name}`).join(', ') || 'none'}.`,
  'cli.id-invalid': ({ what, value }) => `“${value.slice(0, 80)}” is not the number of a ${what}.`,
  'cli.account-invalid': ({ value }) =>
    `“${value.slice(0, 80)}” is not an address of the chain (0x and 40 hex digits).`,
  'cli.file-foreign': ({ path }) =>
    `“${path}” is not what this program stored there: move it away, or set KINMARK_HOME to another folder.`,
  'cli.disk-full': ({ path }) =>
    `The disk is full: “${path}” could not be written. Free some space and run the command again: it goes on where it stopped.`,
  'cli.path-unwritable': ({ path, reason }) => `“${path}” cannot be written: ${reason}.`,
  'cli.file-differs': ({ path, folder, sha256, expected }) =>
    `“${path}” in “${folder}” has SHA-256 ${sha256.slice(0, 12)}…; ${expected.slice(0, 12)}… was expected. Move it away, or add --repair to replace it.`,
  'cli.login-needed': ({ site }) =>
    `Nobody is logged in at ${site}: run “kinmark login --site ${site}”, or set KINMARK_TOKEN.`,
  'cli.site-unreachable': ({ site, reason }) =>
    `${site} does not answer (${reason}): check the address and your connection, then run the command again.`,
  'cli.site-foreign': ({ site }) =>
    `${site} does not answer as a Kinmark market of this version does: check --site, or update this program.`,
  'cli.site-moved': ({ site, known, now }) =>
    `${site} names other contracts on chain ${now} than at your login (chain ${known}). If you trust that, run “kinmark login” again.`,
  'cli.key-missing': () =>
    'This needs the private key of your account: name its file with --key-file, or set KINMARK_KEY.',
  'cli.key-invalid': ({ variable }) => `${variable} does not hold a private key of 32 bytes in hex.`,
  'cli.key-other-account': ({ key, login }) =>
    `The key is that of ${key}, but ${login} is logged in: use its key, or run “kinmark login” again.`,
  'cli.balance-low': ({ account, needed, balance }) =>
    `${account} has ${formatUsdc(balance)} USDC, and ${formatUsdc(needed)} USDC are needed. Nothing was paid.`,
  'cli.above-max': ({ total, max }) =>
    `This takes ${formatUsdc(total)} USDC, more than the ${formatUsdc(max)} USDC of --max. Nothing was paid.`,
  'cli.max-needed': ({ total }) =>
    `This takes ${formatUsdc(total)} USDC, and nobody is here to confirm it: add --max with the most that may be paid.`,
  'cli.declined': () => 'Nothing was paid.',
  'cli.name-invalid': ({ value }) =>
    `--name must have 1 to 40 letters, digits, “_” and “-”, not “${value.slice(0, 80)}”.`,
  'cli.parent-invalid': ({ value, relations }) =>
    `“${value.slice(0, 80)}” of --parents is not a model: write its number, such as 3, or 3:merge (${relations.join(', ')}), or 3:finetune:7 with your copy of it.`,
  'cli.terms-changed': ({ model }) =>
    `The terms of model ${model} have changed since its minter promised this copy. Nothing was paid; run the command again.`,
  'cli.order-unseen': ({ file, since, head }) =>
    `The chain does not show the order of “${file}”, which began at block ${since}; its newest block is ${head}. So that you do not pay twice, check the RPC server, and try again.`,
  'cli.copy-gone': ({ copy, state }) => `Copy ${copy} has no files here: its state is “${state}”.`,
  'cli.keys-leased': ({ requested, available, leased, target }) =>
    `${requested} keys were requested, but only ${available} are available for “${target}”, because ${leased} are leased to other endpoints: use fewer, or prepare more keys.`,
  'cli.lease-conflict': ({ folder }) => `Another program is leasing keys in “${folder}”; try again.`,
}

import type { DeployErrors } from '../../lib/errors/deploy'
import { formatUsdc } from '../../lib/format/amounts'
import type { Messages } from '../messages'

export const deploy: Messages<DeployErrors> = {
  'deploy.build-failed': ({ status }) => `forge build ended with status ${status}: see its messages above.`,
  'deploy.build-info-missing': ({ folder }) => `forge wrote no build info to ${folder}: run the command again.`,
  'deploy.contract-not-built': ({ contract }) =>
    `The contract ${contract} is not compiled: run npm run contracts:build.`,
  'deploy.file-invalid': ({ file, field, reason }) =>
    `“${file}” is not a usable deployment file: ${field ? `${field}: ` : ''}${reason}.`,
  'deploy.file-not-json': ({ file }) => `“${file}” is not JSON: a deployment file is expected.`,
  'deploy.key-invalid': ({ variable }) =>
    `The environment variable ${variable} must hold a private key: 0x and 64 hex digits.`,
  'deploy.option-missing': ({ option }) => `--${option} is missing: see npm run deploy -- --help.`,
  'deploy.option-not-address': ({ option, value }) =>
    `--${option} must be an address, 0x and 40 hex digits, not “${value}”.`,
  'deploy.proxy-missing': ({ proxy }) =>
    `This chain has no deterministic deployment proxy at ${proxy}: deploy it first (github.com/Arachnid/deterministic-deployment-proxy).`,
  'deploy.reverted': ({ contract, call, transaction }) =>
    `The chain reverted ${contract}.${call} in transaction ${transaction}.`,
  'deploy.token-balance-drifts': ({ token, days, before, after }) =>
    `A balance of ${formatUsdc(before)} of the token ${token} would be ${formatUsdc(after)} after ${days} days without a transfer. Kinmark needs balances that change by transfers only: choose another token.`,
  'deploy.tool-missing': ({ tool }) =>
    `“${tool}” is neither in node_modules/.bin nor on the PATH: run npm ci on Linux x64, or install Foundry from https://getfoundry.sh.`,
}

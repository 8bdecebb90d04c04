import type { ServeErrors } from '../../lib/errors/serve'
import type { Messages } from '../messages'

export const serve: Messages<ServeErrors> = {
  'serve.tokenizer-missing': ({ folder }) => `“${folder}” has no tokenizer, so the model cannot read or write text.`,
  'serve.address-unusable': ({ host, port, reason }) =>
    `The server cannot listen at ${host}, port ${port} (${reason}): choose another --port or --host.`,
  'serve.logits-not-finite': () => 'The model’s logits are not finite, so no token can be chosen.',
  'serve.busy': ({ waiting }) => `The server is busy, and ${waiting} requests are waiting already: try again later.`,
  'serve.closing': () => 'The server is shutting down.',
  'serve.client-gone': () => 'The client closed the connection.',
  'serve.key-invalid': () => 'The API key is missing or wrong: send it as “Authorization: Bearer KEY”.',
  'serve.host-unknown': ({ host }) =>
    `“${host.slice(0, 80)}” is not a name of this machine, and the server answers only this machine: start it with --host to serve others.`,
  'serve.route-unknown': ({ method, path }) => `There is nothing at ${method} ${path.slice(0, 120)}.`,
  'serve.method-wrong': ({ method, path, allowed }) => `${path.slice(0, 120)} takes ${allowed}, not ${method}.`,
  'serve.content-type-wrong': ({ contentType }) =>
    `The body must be “application/json”, not “${contentType.slice(0, 80)}”.`,
  'serve.body-too-large': ({ limit }) => `The body is larger than ${limit.toLocaleString('en')} bytes.`,
  'serve.body-not-json': ({ reason }) => `The body is not valid JSON: ${reason}`,
  'serve.field-invalid': ({ field, reason }) => `“${field}” is invalid: ${reason}`,
  'serve.field-unsupported': ({ field }) => `“${field}” is not supported here, and leaving it out changes the answer.`,
  'serve.model-unknown': ({ model, served }) =>
    `There is no model “${model.slice(0, 120)}” here: the one served is “${served}”.`,
  'serve.chat-template-missing': ({ model }) =>
    `“${model}” has no chat template, so it only continues text: use /v1/completions.`,
  'serve.prompt-too-long': ({ tokens, limit }) =>
    `The prompt has ${tokens} tokens, but the model’s context has ${limit}, with at least one for the answer.`,
}

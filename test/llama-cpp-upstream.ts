import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { getLlama, LlamaLogLevel, type LlamaModel, type Token } from 'node-llama-cpp'
import { folderFiles } from '../lib/inference/node/folder'
import { type ChatTemplate, openChatTemplate } from '../lib/weights/text/chat-template'

type Json = Record<string, unknown>

/** Tokens of prompt and answer of each request, as llama.cpp has counted them. */
type Counted = { prompt: number; answer: number }

/** `counted` grows by one with each answer. */
export type LlamaCppUpstream = { url: string; counted: Counted[]; close(): Promise<void> }

type Piece = { text: string; top: (readonly [token: string, logprob: number])[] }
type Answer = { usage: Json; pieces: Piece[]; reason: 'stop' | 'length' }

const contextTokens = 512

/**
 * An OpenAI-compatible server of one GGUF file that llama.cpp itself runs on the processor, as users run it: its own
 * tokenizer, its own rounding, keys and values in half precision. Answers greedily, one request after the other, whole or
 * streamed, with log probabilities where they are asked for. The folder of the file has nothing else in it.
 */
export async function startLlamaCppUpstream(path: string): Promise<LlamaCppUpstream> {
  // two threads that wait for each other take minutes where other programs have the processor
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.disabled, maxThreads: 1 })
  const model = await llama.loadModel({ modelPath: path, checkTensors: true })
  const context = await model.createContext({ contextSize: contextTokens, sequences: 1 })
  const sequence = context.getSequence()
  const template = await openChatTemplate(await folderFiles(dirname(path)))
  const counted: Counted[] = []
  let last: Promise<unknown> = Promise.resolve()

  async function answer(prompt: string, most: number, logprobs: boolean): Promise<Answer> {
    const tokens = model.tokenize(prompt, true)
    await sequence.clearHistory()
    const pieces: Piece[] = []
    const answers = sequence.evaluateWithMetadata(tokens, { probabilities: logprobs as true }, { temperature: 0 })
    let before: Token[] = tokens
    let reason: Answer['reason'] = 'length'
    for await (const { token, probabilities = new Map() } of answers) {
      if (model.isEogToken(token)) {
        reason = 'stop'
        break
      }
      pieces.push({ text: textOf(model, token, before), top: topOf(model, probabilities, before) })
      before = [...before, token]
      if (pieces.length === most || before.length === contextTokens) break
    }
    counted.push({ prompt: tokens.length, answer: pieces.length })
    return { usage: usageOf(tokens.length, pieces.length), pieces, reason }
  }

  const server = createServer(async (request, response) => {
    if (request.url === '/v1/models')
      return sendJson(response, { object: 'list', data: [{ id: 'copy', object: 'model' }] })
    const body = await readJson(request)
    const chat = request.url === '/v1/chat/completions'
    const most = Number(body.max_tokens ?? body.max_completion_tokens ?? contextTokens)
    const turn = last.then(() =>
      answer(chat ? chatPrompt(template, body) : String(body.prompt), most, Boolean(body.logprobs)),
    )
    last = turn.catch(() => undefined)
    const { usage, pieces, reason } = await turn
    if (body.stream !== true) return sendJson(response, { ...whole(chat, body, pieces, reason), usage })
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const send = (json: Json) => response.write(`data: ${JSON.stringify(json)}\n\n`)
    for (const piece of pieces) send(part(chat, piece.text, null))
    send(part(chat, '', reason))
    if ((body.stream_options as Json | undefined)?.include_usage === true)
      send({ ...part(chat, '', null), choices: [], usage })
    response.end('data: [DONE]\n\n')
  })
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counted,
    async close() {
      server.closeAllConnections()
      await new Promise((settle) => server.close(settle))
      await last
      await context.dispose()
      await model.dispose()
      await llama.dispose()
    },
  }
}

function chatPrompt(template: ChatTemplate | null, body: Json): string {
  if (!template) throw new Error('The file has no chat template.')
  return template(
    body.messages as Parameters<ChatTemplate>[0],
    (body.chat_template_kwargs ?? {}) as Record<string, boolean>,
  )
}

/** The text that a token adds: some are decoded with a space that depends on what stands before them. */
function textOf(model: LlamaModel, token: Token, before: readonly Token[]): string {
  return model.detokenize([token], false, before.slice(-4))
}

function topOf(model: LlamaModel, probabilities: ReadonlyMap<Token, number>, before: readonly Token[]): Piece['top'] {
  const best = [...probabilities].slice(0, 5) // the surest first
  return best.map(([token, probability]) => [textOf(model, token, before), Math.log(probability)] as const)
}

function whole(chat: boolean, body: Json, pieces: readonly Piece[], finish_reason: string): Json {
  const text = pieces.map((piece) => piece.text).join('')
  const logprobs = body.logprobs ? (chat ? chatLogprobs(pieces) : textLogprobs(pieces)) : null
  const choice = { index: 0, finish_reason, logprobs }
  if (!chat) return { object: 'text_completion', choices: [{ ...choice, text }] }
  return { object: 'chat.completion', choices: [{ ...choice, message: { role: 'assistant', content: text } }] }
}

const textLogprobs = (pieces: readonly Piece[]) => ({ top_logprobs: pieces.map(({ top }) => Object.fromEntries(top)) })

function chatLogprobs(pieces: readonly Piece[]) {
  const content = pieces.map(({ text, top }) => {
    const top_logprobs = top.map(([token, logprob]) => ({ token, logprob }))
    return { token: text, logprob: top_logprobs[0].logprob, top_logprobs }
  })
  return { content }
}

function part(chat: boolean, text: string, reason: string | null): Json {
  if (!chat) return { object: 'text_completion', choices: [{ index: 0, text, finish_reason: reason }] }
  return { object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: text }, finish_reason: reason }] }
}

function usageOf(prompt: number, answer: number): Json {
  return { prompt_tokens: prompt, completion_tokens: answer, total_tokens: prompt + answer }
}

async function readJson(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString()) as Json
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

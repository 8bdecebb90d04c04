import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { folderName, programsFor, type Subject, stepsToGet } from './programs'

const subject: Subject = {
  ...{ modelId: '2', copyId: '7', folder: 'copy-7', site: 'https://kinmark.example', rpcUrl: 'https://rpc.example' },
  ...{ family: 'llama', chat: true, obstacles: { gguf: null, onnx: null } },
}
const commandsOf = (name: string, more: Partial<Subject> = {}) => {
  const program = programsFor({ ...subject, ...more }).find((each) => each.name === name)
  return program ? { ...program, text: program.steps.map(({ code }) => code).join('\n') } : expect.fail(name)
}

test('default: all programs, each with commands for the copy’s folder', () => {
  const programs = programsFor(subject)
  expect(programs.map(({ name }) => name)).toEqual([
    ...['kinmark serve', 'llama.cpp', 'Ollama', 'LM Studio', 'vLLM', 'SGLang', 'transformers', 'transformers.js'],
    'kinmark gateway',
  ])
  for (const { steps, obstacle } of programs) {
    expect(obstacle).toBeNull()
    expect(steps.map(({ code }) => code).join('\n')).toContain('copy-7')
  }
  expect(stepsToGet(subject).at(-1)?.code).toBe('kinmark login --site https://kinmark.example\nkinmark pull 7')
  expect(commandsOf('kinmark gateway').text).toContain('kinmark gateway --copy 7 ')
})

test('behavior: without a copy, the commands begin with buying one', () => {
  const codes = stepsToGet({ ...subject, copyId: null, folder: 'quill' }).map(({ code }) => code)
  expect(codes.join('\n')).toContain('kinmark buy 2\nkinmark pull N --out quill')
})

test('behavior: a model that kinmark does not write as GGUF is converted by llama.cpp', () => {
  const written = commandsOf('llama.cpp').text
  expect(written).toContain('kinmark export copy-7 --format gguf --precision Q8_0 --out copy-7-gguf')
  expect(written).toContain('llama-cli -m copy-7-gguf/copy-7-Q8_0.gguf')
  for (const name of ['llama.cpp', 'Ollama', 'LM Studio']) {
    const { text, obstacle } = commandsOf(name, { obstacles: { gguf: 'Other positions.', onnx: null } })
    expect(obstacle).toBeNull()
    expect(text).toContain('convert_hf_to_gguf.py copy-7 --outtype q8_0 --outfile copy-7-Q8_0.gguf')
    expect(text).not.toContain('kinmark export')
  }
})

test('behavior: programs that cannot run a model say why', () => {
  expect(commandsOf('transformers.js', { obstacles: { gguf: null, onnx: 'It has states.' } }).obstacle).toBe(
    'It has states.',
  )
  for (const name of ['vLLM', 'SGLang'])
    expect(commandsOf(name, { family: 'qwen3_5_text' }).obstacle).toContain('text model alone')
  expect(commandsOf('vLLM', { family: 'smollm3' }).text).toContain('--model-impl transformers')
})

test('behavior: a model without a chat template is asked to go on with a text', () => {
  for (const name of ['kinmark serve', 'vLLM', 'SGLang', 'llama.cpp'])
    expect(commandsOf(name, { chat: false }).text).not.toContain('chat/completions')
  for (const name of ['llama.cpp', 'Ollama', 'transformers', 'transformers.js'])
    expect(commandsOf(name, { chat: false }).text).toContain('Once upon a time')
})

test('behavior: only what was measured is said to be checked', () => {
  const checked = programsFor(subject).filter(({ fingerprints }) => fingerprints.checked)
  expect(checked.map(({ name }) => name)).toEqual([
    ...['kinmark serve', 'llama.cpp', 'transformers.js', 'kinmark gateway'],
  ])
})

test('behavior: every shell command is one that a shell can read', () => {
  for (const chat of [true, false])
    for (const { steps } of [{ steps: stepsToGet(subject) }, ...programsFor({ ...subject, chat })])
      for (const { code, language } of steps)
        if (language === 'shell') expect([code, spawnSync('bash', ['-n', '-c', code]).status]).toEqual([code, 0])
})

test.each([
  ['Quill', 'quill'],
  ['Qwen2.5 0.5B — Instruct!', 'qwen2.5-0.5b-instruct'],
  ['$(rm -rf ~); `id`', 'rm-rf-id'],
  ['../../etc', 'etc'],
  ['--out', 'out'],
  ['世界', 'model-2'],
  ['a'.repeat(200), 'a'.repeat(60)],
])('behavior: the folder of “%s” is %s', (name, folder) => {
  expect(folderName(name, '2')).toBe(folder)
})

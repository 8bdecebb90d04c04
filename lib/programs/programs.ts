/** What the commands depend on: a model, and the folder of one of its copies. */
export type Subject = {
  modelId: string
  /** The copy that the folder holds; null where it is still to be bought. */
  copyId: string | null
  /** Its name in commands: letters, digits, dots and dashes. */
  folder: string
  /** The addresses of the market, and of its chain’s RPC server. */
  site: string
  rpcUrl: string
  /** `model_type` of its config. */
  family: string
  /** It has a chat template. */
  chat: boolean
  /** Why `kinmark export` writes no GGUF file, or no ONNX graph, of it; null where it does. */
  obstacles: { gguf: string | null; onnx: string | null }
}

export type Step = { title: string; language: 'shell' | 'python' | 'javascript'; code: string }

export type Program = {
  name: string
  use: string
  /** Why it cannot run this model; null where it can. */
  obstacle: string | null
  /** Whether a copy’s keys were asked in this program: `npm run bench:gguf-keys`, docs/gguf.md. */
  fingerprints: { checked: boolean; note: string }
  steps: Step[]
}

const greeting = 'Hello!'
const opening = 'Once upon a time'

/** How to get the folder that all commands are about. */
export function stepsToGet({ modelId, copyId, folder, site }: Subject): Step[] {
  const login = `kinmark login --site ${site}`
  return copyId === null
    ? [
        shell('Buy a copy, whose number is printed', login, `kinmark buy ${modelId}`),
        shell('Download and check it, with its number for N', `kinmark pull N --out ${folder}`),
      ]
    : [shell('Download and check the copy, unless you have it in this folder', login, `kinmark pull ${copyId}`)]
}

/** The programs that people run models with, each with its commands for this one. */
export function programsFor(subject: Subject): Program[] {
  return [
    kinmarkServe(subject),
    llamaCpp(subject),
    ollama(subject),
    lmStudio(subject),
    vllm(subject),
    sglang(subject),
    transformers(subject),
    transformersJs(subject),
    kinmarkGateway(subject),
  ]
}

function kinmarkServe({ folder, chat }: Subject): Program {
  return {
    name: 'kinmark serve',
    use: 'Our own runtime, for small models',
    obstacle: null,
    fingerprints: {
      checked: true,
      note: 'Checked: all 64 keys of a copy of Quill were answered as by that copy.',
    },
    steps: [shell('Serve the folder', `kinmark serve ${folder}`), ask('http://127.0.0.1:8080/v1', folder, chat)],
  }
}

function llamaCpp(subject: Subject): Program {
  const { chat, folder } = subject
  const { steps, file } = gguf(subject)
  return {
    name: 'llama.cpp',
    use: 'A terminal, or OpenAI’s API',
    obstacle: null,
    fingerprints: {
      checked: true,
      note: 'Checked: all 64 keys of a copy of Quill were answered as by that copy, in F16, Q8_0 and Q4_K_M.',
    },
    steps: [
      ...steps,
      chat
        ? shell('Chat in the terminal', `llama-cli -m ${file}`)
        : shell('Let it write in the terminal', `llama-cli -m ${file} -no-cnv -p "${opening}"`),
      shell('Or serve it', `llama-server -m ${file}`),
      ask('http://127.0.0.1:8080/v1', folder, chat),
    ],
  }
}

function ollama(subject: Subject): Program {
  const { folder, chat } = subject
  const { steps, file } = gguf(subject)
  const template = shell('Compare its template: Ollama knows the common ones only', `ollama show ${folder} --template`)
  return {
    name: 'Ollama',
    use: 'Models by name, on your machine',
    obstacle: null,
    fingerprints: { checked: false, note: 'Not checked in Ollama. It computes with ggml, as llama.cpp does.' },
    steps: [
      ...steps,
      shell('Give it a name', `echo "FROM ./${file}" > Modelfile`, `ollama create ${folder} -f Modelfile`),
      ...(chat ? [template] : []),
      shell('Run it', chat ? `ollama run ${folder}` : `ollama run ${folder} "${opening}"`),
    ],
  }
}

function lmStudio(subject: Subject): Program {
  const { steps, file } = gguf(subject)
  return {
    name: 'LM Studio',
    use: 'An app for the desktop',
    obstacle: null,
    fingerprints: { checked: false, note: 'Not checked in LM Studio. It runs GGUF files with llama.cpp.' },
    steps: [
      ...steps,
      shell('Import the file, then choose it in the app', `lms import ${file}`),
      shell('Or load and serve it', 'lms load', 'lms server start'),
    ],
  }
}

/** Families that these servers have of their own; they run others by the code of transformers. */
const native = ['llama', 'mistral', 'qwen2', 'qwen3', 'gemma', 'phi3', 'lfm2', 'hunyuan_v1_dense', 'ernie4_5']
/** Families whose text model alone they are not known to load. */
const wholeOnly = ['qwen3_5_text']

const serverObstacle = ({ family }: Subject, name: string): string | null =>
  wholeOnly.includes(family)
    ? `${name} loads models of this family with their encoder of images; it is not known to load the text model alone.`
    : null

const unchecked = (name: string) => ({ checked: false, note: `Not checked in ${name}.` })

function vllm(subject: Subject): Program {
  const { folder, family, chat } = subject
  const other = native.includes(family) ? '' : ' --model-impl transformers'
  return {
    name: 'vLLM',
    use: 'Many answers at once, on a GPU',
    obstacle: serverObstacle(subject, 'vLLM'),
    fingerprints: unchecked('vLLM'),
    steps: [
      shell('Install it', 'pip install vllm'),
      shell('Serve the folder', `vllm serve ./${folder} --served-model-name ${folder}${other}`),
      ask('http://127.0.0.1:8000/v1', folder, chat),
    ],
  }
}

function sglang(subject: Subject): Program {
  const { folder, family, chat } = subject
  const other = native.includes(family) ? '' : ' --model-impl transformers'
  const served = `--model-path ./${folder} --served-model-name ${folder} --port 30000${other}`
  return {
    name: 'SGLang',
    use: 'Many answers at once, on a GPU',
    obstacle: serverObstacle(subject, 'SGLang'),
    fingerprints: unchecked('SGLang'),
    steps: [
      shell('Install it', 'pip install sglang'),
      shell('Serve the folder', `python3 -m sglang.launch_server ${served}`),
      ask('http://127.0.0.1:30000/v1', folder, chat),
    ],
  }
}

function transformers({ folder, chat }: Subject): Program {
  const asked = chat ? `[{"role": "user", "content": "${greeting}"}]` : `"${opening}"`
  const answer = chat ? '[0]["generated_text"][-1]["content"]' : '[0]["generated_text"]'
  const code = [
    'from transformers import pipeline',
    '',
    `generate = pipeline("text-generation", model="./${folder}")`,
    `print(generate(${asked}, max_new_tokens=100)${answer})`,
  ]
  return {
    name: 'transformers',
    use: 'Python',
    obstacle: null,
    fingerprints: unchecked('transformers'),
    steps: [
      shell('Install it', 'pip install transformers torch'),
      { title: 'Run it', language: 'python', code: code.join('\n') },
    ],
  }
}

function transformersJs({ folder, chat, obstacles }: Subject): Program {
  const asked = chat ? `[{ role: 'user', content: '${greeting}' }]` : `'${opening}'`
  const answer = chat ? '.generated_text.at(-1).content' : '.generated_text'
  const code = [
    "import { env, pipeline } from '@huggingface/transformers'",
    '',
    'env.allowRemoteModels = false',
    "env.localModelPath = './models/'",
    `const generate = await pipeline('text-generation', '${folder}')`,
    `const [answer] = await generate(${asked}, { max_new_tokens: 100 })`,
    `console.log(answer${answer})`,
  ]
  return {
    name: 'transformers.js',
    use: 'JavaScript, in Node and in browsers',
    obstacle: obstacles.onnx,
    fingerprints: {
      checked: true,
      note: 'Checked: all 64 keys of a copy of Quill were answered as by that copy, without reasoning before the answers.',
    },
    steps: [
      shell('Write it as ONNX', `kinmark export ${folder} --out models/${folder}`),
      shell('Install it', 'npm install @huggingface/transformers'),
      { title: 'Run it', language: 'javascript', code: code.join('\n') },
    ],
  }
}

function kinmarkGateway({ folder, copyId, site, rpcUrl }: Subject): Program {
  const copy = copyId ?? 'N'
  return {
    name: 'kinmark gateway',
    use: 'Serve it to users who pay for every answer',
    obstacle: null,
    fingerprints: { checked: true, note: 'Checked in front of kinmark serve and llama.cpp, as provers ask a host.' },
    steps: [
      shell('Serve the folder, here or with one of the other servers', `kinmark serve ${folder}`),
      shell('Take the addresses of the contracts', `curl -sf ${site}/api/v1/chain -o deployment.json`),
      shell(
        'Put the gateway in front, with your own address and price; it says what its owner has to sign',
        `kinmark gateway --copy ${copy} --upstream http://127.0.0.1:8080 \\`,
        `  --url https://host.example/v1 --price 4 --rpc ${rpcUrl} --deployment deployment.json`,
      ),
    ],
  }
}

/** The steps that write a GGUF file, and the file. Models that `kinmark export` does not write are converted by llama.cpp. */
function gguf({ folder, obstacles }: Subject): { steps: Step[]; file: string } {
  if (obstacles.gguf === null) {
    const out = `${folder}-gguf`
    const code = `kinmark export ${folder} --format gguf --precision Q8_0 --out ${out}`
    return { steps: [shell('Write a GGUF file', code)], file: `${out}/${folder}-Q8_0.gguf` }
  }
  const file = `${folder}-Q8_0.gguf`
  const steps = [
    shell(
      'Write a GGUF file with llama.cpp’s converter',
      'git clone https://github.com/ggml-org/llama.cpp',
      'pip install -r llama.cpp/requirements.txt',
      `python3 llama.cpp/convert_hf_to_gguf.py ${folder} --outtype q8_0 --outfile ${file}`,
    ),
  ]
  return { steps, file }
}

function ask(base: string, model: string, chat: boolean): Step {
  const body = chat
    ? { model, messages: [{ role: 'user', content: greeting }] }
    : { model, prompt: opening, max_tokens: 100 }
  const path = chat ? 'chat/completions' : 'completions'
  return shell(
    'Ask it',
    `curl -s ${base}/${path} -H 'content-type: application/json' \\`,
    `  -d '${JSON.stringify(body)}'`,
  )
}

function shell(title: string, ...lines: string[]): Step {
  return { title, language: 'shell', code: lines.join('\n') }
}

/** A name that a shell, a path and a program take as it is. */
export function folderName(name: string, modelId: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60)
  return plain.replace(/[-.]+$/, '') || `model-${modelId}`
}

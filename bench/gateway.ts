import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { Agent, request as httpRequest } from 'node:http'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { stalls } from './gateway/stalls'
import { measureTree } from './gateway/tree'

/**
 * Measures the gateway before a stub upstream, beside nginx as a plain proxy and the upstream alone, each a process of its
 * own; and the tree of an epoch: `npm run bench:gateway -- [--seconds N] [--rate N] [--nginx FILE] [--leaves N] [--folder DIR] [--json]`.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rate: { type: 'string', default: '200' },
    nginx: { type: 'string', default: 'nginx' },
    leaves: { type: 'string', default: '1000000' },
    folder: { type: 'string', default: tmpdir() },
    json: { type: 'boolean' },
  },
})
const [seconds, rate, leaves] = [values.seconds, values.rate, values.leaves].map(Number)
const folder = await mkdtemp(join(values.folder, 'kinmark-bench-'))
const children: ChildProcess[] = []
const agent = new Agent({ keepAlive: true, maxSockets: 256 })
const body = JSON.stringify({ model: 'stub', messages: [{ role: 'user', content: 'Tell me a story' }], max_tokens: 4 })
const streamBody = JSON.stringify({ ...JSON.parse(body), stream: true })

/** Milliseconds until the first byte of the body and until its end. */
function ask(base: string, sent: string): Promise<{ first: number; end: number; bytes: number }> {
  const begun = performance.now()
  return new Promise((settle, fail) => {
    const request = httpRequest(
      `${base}/v1/chat/completions`,
      { method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': sent.length } },
      (answer) => {
        let first = 0
        let bytes = 0
        answer.on('data', (chunk: Buffer) => {
          first ||= performance.now() - begun
          bytes += chunk.length
        })
        answer.on('end', () => {
          if (answer.statusCode === 200) settle({ first, end: performance.now() - begun, bytes })
          else fail(new Error(`${base} answered with status ${answer.statusCode}`))
        })
      },
    )
    request.on('error', fail)
    request.end(sent)
  })
}

const quantile = (sorted: number[], q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]

type Spread = { p50: number; p99: number }

function spreadOf(times: number[]): Spread {
  const sorted = times.sort((a, b) => a - b)
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) }
}

/** Calls `act` at a fixed rate, whatever became of the calls before. Returns the milliseconds for which it was late. */
async function paced(count: number, act: (i: number) => void): Promise<Spread> {
  const begun = performance.now()
  const late: number[] = []
  for (let i = 0; i < count; i++) {
    const due = begun + (i * 1000) / rate
    const early = due - performance.now()
    if (early > 0) await wait(early)
    late.push(Math.max(0, performance.now() - due))
    act(i)
  }
  return spreadOf(late)
}

/**
 * Requests at a fixed rate to one server after the other, for a second each, so that what else the machine does is the
 * same for all. A time begins when its request is sent: for how long this process was late is told beside it.
 */
async function atRate(servers: Record<string, string>, sent: string, figure: 'first' | 'end') {
  const taken: Record<string, number[]> = Object.fromEntries(Object.keys(servers).map((name) => [name, []]))
  const running: Promise<void>[] = []
  const each = Object.entries(servers)
  const late = await paced(seconds * rate * each.length, (i) => {
    const [name, base] = each[Math.floor(i / rate) % each.length]
    running.push(ask(base, sent).then((asked) => void taken[name].push(asked[figure])))
  })
  await Promise.all(running)
  const spreads = Object.fromEntries(Object.entries(taken).map(([name, all]) => [name, spreadOf(all)]))
  return { late, spreads }
}

/** Milliseconds of processor time that a process and its children have used (proc(5), stat, on Linux). */
function processorMs(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
    const own = (Number(fields[11]) + Number(fields[12])) * 10
    return children.reduce((sum, child) => sum + processorMs(Number(child)), own)
  } catch {
    return Number.NaN
  }
}

/** Requests a second of 64 clients that ask without a pause, and the processor time of each. */
async function throughput(base: string, pid: number | undefined): Promise<{ perSecond: number; processorMs: number }> {
  let done = 0
  const before = processorMs(pid)
  const until = performance.now() + seconds * 1000
  await Promise.all(
    Array.from({ length: 64 }, async () => {
      while (performance.now() < until) {
        await ask(base, body)
        done++
      }
    }),
  )
  return { perSecond: done / seconds, processorMs: (processorMs(pid) - before) / done }
}

async function start(args: string[]): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [line] = await once(createInterface(child.stdout), 'line')
  return String(line).replace(/\/v1$/, '')
}

/** Null where nginx is not there. */
async function startNginx(upstream: string): Promise<string | null> {
  const port = 8639
  const config = join(folder, 'nginx.conf')
  await mkdir(join(folder, 'logs'), { recursive: true })
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  )
  await writeFile(
    config,
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log; events { worker_connections 1024; }
http { access_log off; ${temp.join(' ')} upstream model { server ${upstream.replace('http://', '')}; keepalive 128; }
server { listen 127.0.0.1:${port}; location / { proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; } } }`,
  )
  const child = spawn(values.nginx, ['-c', config, '-p', folder], { stdio: ['ignore', 'ignore', 'ignore'] })
  const started = await once(child, 'spawn').catch(() => null)
  if (!started) return null
  children.push(child)
  await wait(500)
  return child.exitCode === null ? `http://127.0.0.1:${port}` : null
}

/**
 * Milliseconds to write a receipt’s bytes and sync them to the disk at the same rate, which is the least that an answer waits
 * for: over zeros that were written before, as the gateway does, and at the end of a file that grows.
 */
async function syncAtRate(): Promise<{ within: Spread; growing: Spread }> {
  const record = Buffer.alloc(400, 1)
  const measure = async (grows: boolean): Promise<Spread> => {
    const file = await open(join(folder, 'sync'), 'w')
    if (!grows) await file.write(Buffer.alloc(2 * seconds * rate * record.length))
    await file.sync()
    const taken: number[] = []
    let last = Promise.resolve()
    await paced(seconds * rate, (i) => {
      const begun = performance.now()
      // as records are: one sync at a time
      last = last.then(async () => {
        await file.write(record, 0, record.length, i * record.length)
        await file.datasync()
        taken.push(performance.now() - begun)
      })
    })
    await last
    await file.close()
    return spreadOf(taken)
  }
  return { within: await measure(false), growing: await measure(true) }
}

try {
  const tree = await measureTree(leaves)
  const upstream = await start(['test/stub-upstream-process.ts'])
  const gateway = await start(['test/gateway-process.ts', join(folder, 'receipts'), upstream, 'free'])
  const nginx = await startNginx(upstream)
  const servers = { upstream, ...(nginx && { nginx }), gateway }
  // as servers that have run for a while: their code is compiled, their connections are open
  for (const base of Object.values(servers))
    for (const sent of [body, streamBody])
      for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 100 }, () => ask(base, sent)))
  const wholes = await atRate(servers, body, 'end')
  const firsts = await atRate(servers, streamBody, 'first')
  const most: Record<string, Awaited<ReturnType<typeof throughput>>> = {}
  const pids: Record<string, number | undefined> = {
    ...{ upstream: children[0].pid, gateway: children[1].pid, nginx: children[2]?.pid },
  }
  for (const [name, base] of Object.entries(servers)) most[name] = await throughput(base, pids[name])
  const load = loadavg()[0]
  const sync = await syncAtRate()
  const taken = await stalls()
  const { spreads: whole, late } = wholes
  const { spreads: first } = firsts
  if (values.json) console.log(JSON.stringify({ load, late, sync, stalls: taken, tree, whole, first, most }, null, 2))
  else {
    const text = ({ p50, p99 }: Spread) => `${p50.toFixed(2)} ms p50, ${p99.toFixed(2)} ms p99`
    console.log(`Load of the machine: ${load.toFixed(1)}. Milliseconds; “added” is beside the upstream alone.`)
    console.log(`This program sent its requests late by ${text(late)}, which is in none of the times.`)
    console.log(
      `A sync of the disk alone, ${rate} times a second: ${text(sync.within)}; of a file that grows: ${text(sync.growing)}.`,
    )
    console.log(
      `A program on each core that only looks at the clock was stopped ${taken.count} times in ${taken.seconds} s for more than ${taken.least} ms, for ${taken.longest.toFixed(1)} ms at most and ${(100 * taken.share).toFixed(2)} % of the time.\n`,
    )
    console.log('| | p50 | p99 | added p50 | added p99 | first token p50 | added | requests/s | processor ms/request |')
    console.log('|---|---|---|---|---|---|---|---|---|')
    for (const name of Object.keys(servers)) {
      const cells = [
        whole[name].p50,
        whole[name].p99,
        whole[name].p50 - whole.upstream.p50,
        whole[name].p99 - whole.upstream.p99,
        first[name].p50,
        first[name].p50 - first.upstream.p50,
      ]
      console.log(
        `| ${name} | ${cells.map((cell) => cell.toFixed(2)).join(' | ')} | ${Math.round(most[name].perSecond)} | ${most[name].processorMs.toFixed(2)} |`,
      )
    }
    if (!nginx) console.log('\nnginx was not found: give its path with --nginx.')
    console.log(
      `\nA tree of ${tree.leaves.toLocaleString('en')} receipts: ${tree.seconds.toFixed(2)} s (${tree.processorSeconds.toFixed(2)} s of processor time), ${Math.round(tree.megabytes)} MB; a proof: ${tree.proofMs.toFixed(3)} ms.`,
    )
  }
} finally {
  for (const child of children) child.kill()
  await rm(folder, { recursive: true, force: true })
}

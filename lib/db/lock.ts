import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { LegacyError } from '../error'

/**
 * Makes this process the one owner of a file or folder, until it ends. The lock names the process and when it began,
 * so that a number used again after a crash does not keep the owner out.
 */
export function lock(file: string, whatIsOwned: string): () => void {
  mkdirSync(dirname(file), { recursive: true })
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, identity(process.pid), { flag: 'wx' })
      break
    } catch (cause) {
      if (attempt > 1 || !existsSync(file)) throw cause
      const holder = readFileSync(file, 'utf8')
      const pid = Number(holder.split(' ')[0])
      if (pid !== process.pid && holder === identity(pid) && runs(pid))
        throw new LegacyError(`${whatIsOwned} is in use by process ${pid}: stop that one first.`, { facts: { pid } })
      rmSync(file, { force: true })
    }
  }
  const unlock = () => {
    if (existsSync(file) && readFileSync(file, 'utf8') === identity(process.pid)) rmSync(file, { force: true })
  }
  process.once('exit', unlock)
  return unlock
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Process number and, where the system tells, its start time (proc(5), field 22 of stat); a zombie is no owner. */
function identity(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return fields[0] === 'Z' ? `${pid} ended` : `${pid} ${fields[19]}`
  } catch {
    return `${pid} `
  }
}

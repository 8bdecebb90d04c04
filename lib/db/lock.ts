import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { KinmarkError } from '../error'

/**
 * Makes this process the only user of `path` until it ends, and returns a function that unlocks it earlier. The lock file
 * holds the process number and its start time, so that a number used again after a crash is not taken for the user.
 * Throws `storage.in-use`.
 */
export function lock(file: string, path: string): () => void {
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
        throw new KinmarkError('storage.in-use', { path, pid }, { cause })
      rmSync(file, { force: true })
    }
  }
  const unlock = () => {
    process.off('exit', unlock)
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

/** Process number and, on Linux, its start time (proc(5), field 22 of stat). A zombie counts as ended. */
function identity(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return fields[0] === 'Z' ? `${pid} ended` : `${pid} ${fields[19]}`
  } catch {
    return `${pid} `
  }
}

import pino from 'pino'
import { logLevel } from './env'
import { readableLine } from './format/log-line'
import { requestId } from './request-id'

/**
 * The log of the server programs, on standard output: JSON lines, or text where that is a terminal. An error goes under
 * `err`: `log.error({ err: error }, 'The order failed.')`. What is logged for a request or a job carries its id as `request`.
 */
export const log = pino(
  {
    level: logLevel.catch('info').parse(process.env.KINMARK_LOG_LEVEL),
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
    mixin: () => ({ request: requestId() }),
  },
  process.stdout.isTTY
    ? { write: (line) => process.stdout.write(`${readableLine(line)}\n`) }
    : pino.destination({ dest: 1, sync: true }),
)

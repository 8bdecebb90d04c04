/** A part of the system that npm start waits for. */
type Part = 'app' | 'chain' | 'index' | 'port'

export type StartErrors = {
  'start.app-status': { status: number }
  'start.build-failed': { name: string; status: number | null }
  'start.folder-foreign': { folder: string }
  'start.not-ready': { part: Part; seconds: number }
  'start.port-taken': { port: number; program: string; variable: string }
}

/** A part of the system that a program waits for. */
type Part = 'app' | 'chain' | 'demo host' | 'index' | 'port' | 'S3 server'

export type StartErrors = {
  'start.app-status': { status: number }
  'start.build-failed': { name: string; status: number | null }
  'start.contracts-outdated': { file: string }
  'start.demo-copy-ended': { copyId: string; state: string }
  'start.demo-not-finalized': { folder: string }
  'start.folder-foreign': { folder: string }
  /** Block numbers; null: none is indexed, or the chain does not answer. */
  'start.index-behind': { indexed: number | null; head: number | null }
  'start.not-ready': { part: Part; seconds: number }
  'start.port-taken': { port: number; program: string; variable: string }
}

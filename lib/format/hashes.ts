/** “0x86c8f4a2…” from a 32-byte hash or a hex digest: its first ten characters. */
export function shortHash(hash: string): string {
  return `${hash.slice(0, 10)}…`
}

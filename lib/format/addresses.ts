/** “0x52908400098527886E0F7030069857D2E4169EE7” → “0x5290…9EE7”. */
export function shortAddress(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`
}

/** Whether two addresses are the same, whatever the case of their digits. */
export function isSameAddress(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** Whether a text is an address: 20 bytes in hex. */
export function isAddress(text: string): text is `0x${string}` {
  return /^0x[0-9a-fA-F]{40}$/.test(text)
}

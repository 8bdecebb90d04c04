/** “0x52908400098527886E0F7030069857D2E4169EE7” → “0x5290…9EE7”. */
export function shortAddress(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`
}

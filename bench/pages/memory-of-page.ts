/** Bytes used by the page and its workers. WebAssembly memory never shrinks, so its share is its peak. */
export async function memoryOfPage(): Promise<number> {
  const { measureUserAgentSpecificMemory: memory } = performance as Performance & {
    measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }>
  }
  return (await memory?.call(performance))?.bytes ?? Number.NaN
}

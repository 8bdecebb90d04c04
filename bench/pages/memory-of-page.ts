/** Bytes in use by the page and its workers; WebAssembly's memory never shrinks, so that its part is its peak. */
export async function memoryOfPage(): Promise<number> {
  const { measureUserAgentSpecificMemory: memory } = performance as Performance & {
    measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }>
  }
  return (await memory?.call(performance))?.bytes ?? Number.NaN
}

/** Numbers that a double may not hold exactly: whole ones of 16 digits and more. */
const longNumber = /[:[,]\s*-?\d{16}/

type Context = { source?: string }
const { rawJSON } = JSON as unknown as { rawJSON?: (text: string) => unknown }

/** Parses JSON so that writing it again gives the same numbers. A field that stands twice counts once, as its last. */
export function parseExactly(text: string): unknown {
  if (!rawJSON || !longNumber.test(text)) return JSON.parse(text)
  const exact = (_: string, value: unknown, { source }: Context) =>
    Number.isInteger(value) && !Number.isSafeInteger(value) && source !== undefined ? rawJSON(source) : value
  return JSON.parse(text, exact as Parameters<typeof JSON.parse>[1])
}

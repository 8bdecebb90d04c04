/** Characters that show nothing, or turn the text around them: controls, bidi controls, blanks that look like nothing. */
const unseen =
  /[\p{Cc}\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u2800\u3164\uFEFF\uFFA0\uFFF0-\uFFFB\u{E0000}-\u{E0FFF}]/gu
/** More accents on one letter than any script needs. */
const piled = /(\p{M}{4})\p{M}+/gu

/** A name, a tag or a sentence of somebody else’s as one line that stays in its place, whatever was written. */
export function plainLine(text: string): string {
  return text
    .replace(/[\t\n\r\u2028\u2029]/g, ' ')
    .replace(unseen, '')
    .replace(piled, '$1')
    .replace(/\s+/g, ' ')
    .trim()
}

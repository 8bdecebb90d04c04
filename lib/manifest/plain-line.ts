/**
 * Characters that show nothing, or turn the text around them: controls, bidi controls, blanks that look like nothing. The
 * joiners and variation selectors that scripts and emoji need stay.
 */
const unseen = /(?![\u200C\u200D]|\p{VS})[\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\uFFF9-\uFFFB]/gu
/** More accents on one letter than any script needs. */
const piled = /(\p{M}{4})\p{M}+/gu
const seen = /[^\p{M}\p{Z}\p{Default_Ignorable_Code_Point}]/u

/** A name, a tag or a sentence of somebody else’s as one line that stays in its place; empty where nothing would be seen. */
export function plainLine(text: string): string {
  const line = text
    .replace(/[\s\u2028\u2029]+/g, ' ')
    .replace(unseen, '')
    .replace(piled, '$1')
    .replace(/ +/g, ' ')
    .trim()
  return seen.test(line) ? line : ''
}

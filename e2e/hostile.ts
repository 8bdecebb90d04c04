const zalgo = [...'copy'].map((letter) => letter + '\u0300\u0316\u0321\u0334\u0345\u0489'.repeat(3)).join('')

/** Names that somebody may give a model: without a space, against the direction of reading, of nothing visible, with markup. */
export const hostileNames = [
  `${'Unterseebootkommandantenausbildung'.repeat(2)}-\u202Eexe.tset`,
  `نموذج-عربي-\u2067ﷺ\u2069-\u200B\u200D${zalgo}-👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿<img src=x onerror=alert(1)>&amp;`,
  `${'長い名前の模型'.repeat(9)}אבגדה`,
]

const hostileTag = 'retrieval-augmented-generation-with-a-tag-that-never-ends-and-has-no-spaces-at-all'

/** A model card under such a name, with all that a card may have. */
export const hostileCard = (name: string) =>
  `---\nlicense: ${hostileTag}\ntags: [${hostileTag}]\n---\n# ${name}\n${'Überlang'.repeat(30)}\n\n[Use](#use) ![Loss](loss.png) [Gone](gone.md)\n\n## Use\n<details><summary>More</summary>\n\n$e^{-x}$\n\n</details>\n`

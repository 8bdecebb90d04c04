import { isOpenFile, pictureType } from '@/lib/manifest/open-file'

/** The model whose card it is, and its files: what a card’s relative links lead to. */
export type CardHome = { id: string; paths: readonly string[] }

/** The prefix that the sanitizer gives to ids of a card, so that none is an id of the page. */
const idPrefix = 'user-content-'

/** Where a link of a card leads; null for a file that the model has not, or that is not open to everybody. */
export function cardHref(href: string | undefined, home: CardHome): string | null {
  if (!href) return null
  if (href.startsWith('#')) return `#${idPrefix}${href.slice(1).toLowerCase()}`
  if (isAbsolute(href)) return href
  const path = pathOf(href)
  return home.paths.includes(path) && isOpenFile(path) ? fileOf(home, path) : null
}

/** A picture among the model’s own files; null for one from anywhere else. */
export function cardPicture(src: unknown, home: CardHome): string | null {
  if (typeof src !== 'string' || isAbsolute(src)) return null
  const path = pathOf(src)
  return home.paths.includes(path) && pictureType(path) ? fileOf(home, path) : null
}

const isAbsolute = (url: string) => /^[a-z][a-z0-9+.-]*:|^\/\//i.test(url)

/** The path in the model’s folder that a relative URL names. */
function pathOf(url: string): string {
  try {
    return decodeURIComponent(new URL(url, 'http://card/').pathname.slice(1))
  } catch {
    return ''
  }
}

const fileOf = ({ id }: CardHome, path: string) =>
  `/api/models/${id}/files/${path.split('/').map(encodeURIComponent).join('/')}`

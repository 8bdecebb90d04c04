/** Makes a page work in browsers that block storage or rewrite pages. Runs once, before any other script. */
export function survivePage(): void {
  replaceBlockedStorage()
  acceptMovedNodes()
}

/** Libraries read storage without asking whether it is blocked. Here they find one that lasts as long as the page. */
function replaceBlockedStorage(): void {
  for (const name of ['localStorage', 'sessionStorage'] as const) {
    try {
      void window[name].length
    } catch {
      Object.defineProperty(window, name, { value: volatileStorage(), configurable: true })
    }
  }
}

/** A `Storage` in memory. `volatile` tells it from the browser’s own. */
function volatileStorage(): Storage & { volatile: true } {
  const items = new Map<string, string>()
  return {
    get length() {
      return items.size
    },
    key: (index: number) => [...items.keys()][index] ?? null,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, text: string) => void items.set(key, String(text)),
    removeItem: (key: string) => void items.delete(key),
    clear: () => items.clear(),
    volatile: true,
  }
}

/**
 * A browser’s translator moves text into elements of its own. React then removes or precedes a node where it no longer
 * is, which would throw and take the page down (react #17256).
 */
function acceptMovedNodes(): void {
  const { removeChild, insertBefore } = Node.prototype
  Node.prototype.removeChild = function <T extends Node>(this: Node, child: T): T {
    if (child.parentNode === this) return removeChild.call(this, child) as T
    // The translator’s element stands where the text was.
    const moved = closestIn(this, child)
    if (moved) removeChild.call(this, moved)
    return child
  }
  Node.prototype.insertBefore = function <T extends Node>(this: Node, node: T, before: Node | null): T {
    const place = before && before.parentNode !== this ? closestIn(this, before) : before
    return insertBefore.call(this, node, place) as T
  }
}

/** The child of `parent` that contains `node`, or null. */
function closestIn(parent: Node, node: Node): Node | null {
  let at: Node | null = node
  while (at && at.parentNode !== parent) at = at.parentNode
  return at
}

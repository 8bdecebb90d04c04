/** Joins class names. Primitives have their looks in the layer `components`, so that a utility class always wins. */
export function cn(...classes: (string | false | null | undefined)[]): string {
  return classes.filter(Boolean).join(' ')
}

const browsers: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const systems: [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
]
const find = (names: [RegExp, string][], agent: string) => names.find(([pattern]) => pattern.test(agent))?.[1]

/** “Firefox on Windows” from a User-Agent header; another program’s own words, shortened. */
export function browserName(agent: string): string {
  const [browser, system] = [find(browsers, agent), find(systems, agent)]
  if (browser) return system ? `${browser} on ${system}` : browser
  return agent.slice(0, 40) || 'Unknown program'
}

import { existsSync } from 'node:fs'

/** Debian's browsers. The one without windows takes half the processor time for a page. */
const debian = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium']

/** How Playwright starts the browser: one of Debian's where there is one, else Playwright's own. */
export const chromium = {
  executablePath: debian.find((path) => existsSync(path)),
  args: ['--no-sandbox', '--enable-unsafe-webgpu'],
}

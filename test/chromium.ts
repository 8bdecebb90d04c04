import { existsSync } from 'node:fs'

const debian = '/usr/bin/chromium'

/** How Playwright starts the browser: Debian's chromium where there is one, else Playwright's own. */
export const chromium = {
  executablePath: existsSync(debian) ? debian : undefined,
  args: ['--no-sandbox', '--enable-unsafe-webgpu'],
}

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/** Makes the command line a package of its own: `npm run pack:kinmark` writes build/kinmark-<version>.tgz, which `npx` runs. */

const folder = 'build/kinmark'
const { version, license, description, dependencies, engines } = JSON.parse(readFileSync('package.json', 'utf8'))

/** These load files of their own beside them, so they are not bundled. */
const own = ['tiny-secp256k1']
/** Large, and needed by what runs models only: whoever wants that installs it. */
const optional = ['onnxruntime-node']
const versionsOf = (names: string[]) => Object.fromEntries(names.map((name) => [name, dependencies[name]]))

rmSync(folder, { recursive: true, force: true })
mkdirSync(join(folder, 'bin'), { recursive: true })
await build({
  entryPoints: ['bin/kinmark.ts'],
  outdir: join(folder, 'lib'),
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: [...own, ...optional],
  legalComments: 'linked',
  logLevel: 'warning',
  // Packages in CommonJS ask for Node’s modules by `require`.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
})
writeFileSync(join(folder, 'bin/kinmark.js'), "#!/usr/bin/env node\nimport '../lib/kinmark.js'\n", { mode: 0o755 })
cpSync('docs/command-line.md', join(folder, 'README.md'))
cpSync('LICENSE', join(folder, 'LICENSE'))
const described = {
  ...{ name: 'kinmark', version, license, description, type: 'module', engines },
  bin: { kinmark: 'bin/kinmark.js' },
  files: ['bin', 'lib'],
  dependencies: versionsOf(own),
  peerDependencies: versionsOf(optional),
  peerDependenciesMeta: Object.fromEntries(optional.map((name) => [name, { optional: true }])),
}
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(described, null, 2)}\n`)
const [{ filename }] = JSON.parse(
  execFileSync('npm', ['pack', '--json', '--pack-destination', '..'], { cwd: folder }).toString(),
)
console.log(join('build', filename))

import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

test('error: a linked node_modules, which npm would empty', () => {
  const root = mkdtempSync(join(tmpdir(), 'kinmark-install-'))
  const [folder, target] = [join(root, 'clone'), join(root, 'modules')]
  for (const path of [join(folder, 'bin'), target]) mkdirSync(path, { recursive: true })
  writeFileSync(join(target, 'precious'), '')
  writeFileSync(join(folder, 'package-lock.json'), '{}')
  symlinkSync(target, join(folder, 'node_modules'))
  cpSync(new URL('./install.mjs', import.meta.url), join(folder, 'bin/install.mjs'))

  const program = `import { install } from '${pathToFileURL(join(folder, 'bin/install.mjs'))}'; install()`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: 'node_modules is a symbolic link: remove the link, or run npm ci in the folder that it points to.\n',
  })
  expect(existsSync(join(target, 'precious'))).toBe(true)
})

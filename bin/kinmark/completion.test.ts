import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commands } from './commands'
import { completion } from './completion'

const has = (shell: string) => spawnSync(shell, ['--version']).status === 0

/** What a shell offers for the last of these words. */
function offered(...words: string[]): string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ')
  const script = `${completion('bash', commands)}
COMP_WORDS=(kinmark ${quoted}); COMP_CWORD=${words.length}; _kinmark; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', script]).toString().split('\n').filter(Boolean)
}

test('default: bash completes commands and their options, and leaves file names to itself', () => {
  expect(offered('')).toEqual(Object.keys(commands).filter((name) => !name.includes(' ')))
  expect(offered('log')).toEqual(['login', 'logout'])
  expect(offered('pull', '7', '--')).toEqual(['--json', '--site', '--rpc', '--out', '--parallel', '--repair'])
  expect(offered('pull', '7', '--r')).toEqual(['--rpc', '--repair'])
  expect(offered('publish', './my')).toEqual([])
  expect(offered('nothing', '--')).toEqual([])
})

test.skipIf(!has('fish'))('default: fish completes options', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'kinmark-')), 'kinmark.fish')
  writeFileSync(file, completion('fish', commands))
  const lines = execFileSync('fish', ['-c', `source ${file}; complete -C 'kinmark pull --re'`]).toString()
  expect(lines.split('\n')).toContain('--repair')
})

test.skipIf(!has('zsh'))('default: zsh reads the script', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'kinmark-')), '_kinmark')
  writeFileSync(file, completion('zsh', commands))
  expect(
    execFileSync('zsh', ['-fc', `autoload -U compinit; compinit -D; source ${file}; print $_comps[kinmark]`]),
  ).toEqual(Buffer.from('_kinmark\n'))
})

test('error: a shell that is not known', () => {
  for (const shell of ['sh', '', 'constructor'])
    expect(() => completion(shell, commands)).toThrow(expect.objectContaining({ code: 'cli.shell-unknown' }))
})

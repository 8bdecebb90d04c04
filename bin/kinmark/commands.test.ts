import { expect, test } from 'vitest'
import { commands } from './commands'
import { help } from './help'
import { main } from './main'
import { options } from './options'

async function kinmark(...args: string[]) {
  let [out, err] = ['', '']
  const terminal = { out: (text: string) => (out += text), err: (text: string) => (err += text), moving: false }
  return { status: await main(args, terminal), out, err }
}

test('default: the help has every command and every option, and each option belongs to a command', () => {
  for (const name of Object.keys(commands)) expect(help).toMatch(new RegExp(`^  kinmark ${name}\\b`, 'm'))
  const used = new Set(Object.values(commands).flatMap((command) => command.options))
  for (const name of Object.keys(options)) {
    if (name !== 'help') expect(help).toMatch(new RegExp(`--${name}\\b`))
    if (name !== 'help' && name !== 'json') expect([name, used.has(name as never)]).toEqual([name, true])
  }
})

test('error: a command, an option and a number of arguments that are not', async () => {
  expect(await kinmark('sell')).toMatchObject({ status: 2, err: expect.stringContaining('There is no command “sell”') })
  expect(await kinmark('constructor')).toMatchObject({ status: 2 })
  expect(await kinmark('search', '--out', 'x')).toMatchObject({
    status: 2,
    err: expect.stringContaining('“kinmark search” has no option --out'),
  })
  expect(await kinmark('pull')).toMatchObject({ status: 2, err: expect.stringContaining('takes 1 argument, not 0') })
  expect(await kinmark('info', '1', '2')).toMatchObject({ status: 2 })
  expect(await kinmark('info', 'one')).toMatchObject({ status: 2, err: '“one” is not the number of a model.\n' })
  expect(await kinmark('pull', '../1')).toMatchObject({ status: 2, err: '“../1” is not the number of a copy.\n' })
})

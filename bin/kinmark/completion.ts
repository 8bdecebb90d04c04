import { KinmarkError } from '../../lib/error'
import { type OptionName, options as types } from './options'

const shells = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof shells)[number]

type Completed = { readonly options: readonly OptionName[] }
type Commands = Readonly<Record<string, Completed>>

/** The script with which a shell completes commands and options. File names are the shell’s own. */
export function completion(shell: string, commands: Commands): string {
  const known = shells.find((each) => each === shell)
  if (!known) throw new KinmarkError('cli.shell-unknown', { shell, shells })
  return scripts[known](commands)
}

const namesOf = (commands: Commands) => Object.keys(commands).join(' ')
const optionsOf = ({ options }: Completed) => ['json', ...options].map((name) => `--${name}`).join(' ')

const scripts: Record<Shell, (commands: Commands) => string> = {
  bash: (commands) => `_kinmark() {
  local word=\${COMP_WORDS[COMP_CWORD]} words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${namesOf(commands)}'
  elif [[ $word == -* ]]; then
    case \${COMP_WORDS[1]} in
${casesOf(commands, (options) => `words='${options}'`)}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _kinmark kinmark`,
  zsh: (commands) => `#compdef kinmark
_kinmark() {
  if (( CURRENT == 2 )); then
    compadd ${namesOf(commands)}
  elif [[ $words[CURRENT] == -* ]]; then
    case $words[2] in
${casesOf(commands, (options) => `compadd -- ${options}`)}
    esac
  else
    _files
  fi
}
if [[ $funcstack[1] == _kinmark ]]; then _kinmark "$@"; else compdef _kinmark kinmark; fi`,
  fish: (commands) =>
    [
      `complete -c kinmark -n __fish_use_subcommand -f -a '${namesOf(commands)}'`,
      ...Object.entries(commands).flatMap(([name, { options }]) =>
        (['json', ...options] as const).map((option) => {
          const value = types[option].type === 'string' ? ' -r' : ''
          return `complete -c kinmark -n '__fish_seen_subcommand_from ${name}' -l ${option}${value}`
        }),
      ),
    ].join('\n'),
}

const casesOf = (commands: Commands, line: (options: string) => string) =>
  Object.entries(commands)
    .map(([name, command]) => `      ${name}) ${line(optionsOf(command))} ;;`)
    .join('\n')

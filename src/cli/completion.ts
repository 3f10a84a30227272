import type { Command, Option } from 'commander';

/** Shells that are completed for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A command as a shell completes it. */
interface Completed {
  readonly name: string;
  readonly description: string;
  readonly options: readonly Option[];
}

/** A script for a shell that completes commands, flags, the values of flags that have a few, and files. */
export function completionScript(program: Command, shell: Shell): string {
  const name = program.name();
  const commands = program.commands.map((command): Completed => {
    const options = command.options.filter(({ hidden }) => !hidden);
    return { name: command.name(), description: command.summary() || command.description(), options };
  });
  switch (shell) {
    case 'bash':
      return bash(name, commands);
    case 'zsh':
      // zsh runs bash's functions.
      return `autoload -U +X bashcompinit && bashcompinit\n${bash(name, commands)}`;
    case 'fish':
      return fish(name, commands);
  }
}

function bash(name: string, commands: readonly Completed[]): string {
  const fn = `_${name.replaceAll('-', '_')}`;
  const cases = commands.map(
    (command) => `    ${command.name}) flags="${command.options.map(({ long }) => long ?? '').join(' ')}" ;;`,
  );
  const values = distinct(commands)
    .filter(({ argChoices }) => argChoices !== undefined)
    .map(({ long, argChoices = [] }) => `    ${long ?? ''}) words="${argChoices.join(' ')}" ;;`);
  return [
    `${fn}() {`,
    '  local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" flags="" words=""',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${commands.map((command) => command.name).join(' ')}" -- "$current"))`,
    '    return',
    '  fi',
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    '  esac',
    '  case "$before" in',
    ...values,
    '  esac',
    '  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '  elif [[ "$current" == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$current"))',
    '  else COMPREPLY=($(compgen -f -- "$current")); fi',
    '}',
    `complete -o filenames -F ${fn} ${name}`,
    '',
  ].join('\n');
}

function fish(name: string, commands: readonly Completed[]): string {
  const lines = commands.flatMap((command) => [
    `complete -c ${name} -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.description)}`,
    ...command.options.map(({ long, description, argChoices, required, optional }) => {
      const flag = `complete -c ${name} -n '__fish_seen_subcommand_from ${command.name}' -l ${(long ?? '').slice(2)}`;
      const value =
        argChoices === undefined
          ? required || optional
            ? ' -r'
            : ''
          : ` -x -a ${quoted(argChoices.join(' '))}`;
      return `${flag}${value} -d ${quoted(description)}`;
    }),
  ]);
  return `${lines.join('\n')}\n`;
}

/** The options of all commands, each name once. */
function distinct(commands: readonly Completed[]): Option[] {
  const all = commands.flatMap(({ options }) => options);
  return [...new Map(all.map((option) => [option.long, option])).values()];
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

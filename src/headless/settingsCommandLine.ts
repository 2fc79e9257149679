/** The commands about settings: their flags, help and examples. */
import type { Command } from 'commander'
import { examples } from './helpText.ts'

export type SettingsFlags = { json?: true; flowcept?: true }
export type SettingsCommands = {
  settingsList: (flags: SettingsFlags) => Promise<void>
  settingsSet: (key: string, value: string) => Promise<void>
  settingsReset: (key: string | undefined, flags: { all?: true }) => Promise<void>
}

export function addSettingsCommands(program: Command, commands: SettingsCommands): void {
  const settings = program
    .command('settings')
    .description('list every setting with its value and where that comes from')
    .option('--json', 'one JSON object: path, problem, settings, unknown; with --flowcept: settings, files, problems')
    .option('--flowcept', "Flowcept's settings instead, as Flowcept itself would find them; passwords are not shown")
    .addHelpText('after', examples('provscope settings', 'provscope settings set zone local', 'provscope settings set record.lmdbPath /data/flowcept_lmdb', 'provscope settings reset zone', 'provscope settings --flowcept'))
    .action(commands.settingsList)
  settings
    .command('set')
    .description('change a setting; what cannot be is refused, with what can')
    .argument('<key>', 'as the list has it')
    .argument('<value>', 'true or false for switches, null for automatic')
    .addHelpText('after', examples('provscope settings set theme dark', 'provscope settings set memory.limitMb 4000', `provscope settings set keys.bindings '{"filter": "Ctrl+Shift+F"}'`))
    .action(commands.settingsSet)
  settings
    .command('reset')
    .description('put a setting back to its default')
    .argument('[key]', 'as the list has it')
    .option('--all', 'all of them')
    .addHelpText('after', examples('provscope settings reset theme', 'provscope settings reset --all'))
    .action(commands.settingsReset)
}

/** What `provscope` understands: its commands, flags, help and examples. */
import { Command, InvalidArgumentError, Option } from 'commander'
import { version } from '#hosting/installation'
import { recordsSchema } from '#contract/values'
import { addBufferCommands, type BufferCommands } from './bufferCommandLine.ts'
import { addDbCommands, type DbCommands } from './dbCommandLine.ts'
import { addExportFlags, type ExportFlags } from './exportCommandLine.ts'
import { examples } from './helpText.ts'
import { addLiveCommands, type LiveCommands } from './liveCommandLine.ts'
import { type Format, formats } from './query.ts'
import type { SelectionFlags } from './selection.ts'
import { addSettingsCommands, type SettingsCommands } from './settingsCommandLine.ts'
import { addSqlCommand, type SqlCommands } from './sqlCommandLine.ts'
import { addViewCommands, type ViewCommands } from './viewCommandLine.ts'

export type Commands = LiveCommands & DbCommands & ViewCommands & BufferCommands & SettingsCommands & SqlCommands & {
  open: (sources: string[], flags: { sample?: true }) => Promise<void>
  serve: (sources: string[], flags: { port: number; open: boolean; sample?: true }) => Promise<void>
  summary: (sources: string[], flags: Listening & { json?: true }) => Promise<void>
  query: (sources: string[], flags: Listening & SelectionFlags & { offset: number; limit?: number; format: Format }) => Promise<void>
  export: (sources: string[], flags: Listening & ExportFlags) => Promise<void>
}

/** Seconds. */
type Listening = { for?: number }

const sourceHelp = 'buffer files (.jsonl, .jsonl.gz, .jsonl.zst), folders, quoted globs, or - for standard input, opened together as one; or an LMDB folder, a MongoDB (mongodb://…) or a message queue (redis://…, amqp://…)'

/** Throws CommanderError instead of ending the process; help and errors go where `out` and `err` say. */
export function commandLine(commands: Commands, { out, err, columns }: { out: (text: string) => void; err: (text: string) => void; columns: number }): Command {
  const program = new Command('provscope')
    .description('Explore the provenance of Flowcept runs: on the desktop, in a browser, on the command line.')
    .version(version)
    // Commands may have a --version of their own.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: err, getOutHelpWidth: () => columns, getErrHelpWidth: () => columns })
    .showHelpAfterError('(--help says more)')
    .addHelpText('after', '\nResults go to stdout, progress and problems to stderr. Exit code: 0 all went well, 1 something failed or lines were rejected, 2 wrong use.')

  program
    .command('open')
    .description('open the desktop app; where it cannot run, say why and serve the same workbench to a browser')
    .argument('[source...]', sourceHelp)
    .option('--sample', 'open the bundled sample')
    .addHelpText('after', examples('provscope open flowcept_buffer.jsonl', 'provscope open runs/'))
    .action(commands.open)

  program
    .command('serve')
    .description('serve the workbench to a browser on this machine')
    .argument('[source...]', sourceHelp)
    .option('--port <number>', 'port on 127.0.0.1; 0 takes a free one', port, 0)
    .option('--no-open', 'do not open a browser')
    .option('--sample', 'open the bundled sample')
    .addHelpText('after', examples('provscope serve flowcept_buffer.jsonl', 'provscope serve --port 8484 --no-open runs/   # then, from elsewhere: ssh -L 8484:127.0.0.1:8484 HOST'))
    .action(commands.serve)

  listening(program.command('summary'))
    .description('count messages, tasks, workflows, agents and objects; list columns and problems')
    .argument('<source...>', sourceHelp)
    .option('--json', 'one JSON object: messages, tasks, workflows, agents, objects, statuses, activities, columns, problems')
    .addHelpText('after', examples('provscope summary flowcept_buffer.jsonl', "provscope summary --json runs/ | jq '.statuses'"))
    .action(commands.summary)

  selection(listening(program.command('query')).description('print records that match'))
    .option('--offset <number>', 'rows to pass over', whole, 0)
    .option('--limit <number>', 'rows to print (default: all; 50 in a table)', atLeastOne)
    .addOption(new Option('--format <format>', 'table for people; json is one list, jsonl one record a line').choices(formats).default('table'))
    .addHelpText('after', examples(`provscope query run.jsonl --filter '{"status": "ERROR"}' --columns task_id,activity_id,stderr`, 'provscope query run.jsonl --sort duration:desc --limit 10', 'provscope query run.jsonl --records messages --format jsonl | head'))
    .addHelpText('after', '\njson and jsonl print whole records, or with --columns an object of those columns; every integer keeps its digits, NaN and infinities are null.')
    .action(commands.query)

  addExportFlags(selection(listening(program.command('export')).description('write records that match to a file, into a store, or as a document about the run'))).action(commands.export)

  addSqlCommand(program, commands, listening)
  addViewCommands(program, commands, atLeastOne)
  addLiveCommands(program, commands)
  addDbCommands(program, commands)
  addBufferCommands(program, commands)
  addSettingsCommands(program, commands)
  return program
}

const listening = (command: Command): Command => command.option('--for <seconds>', 'for a message queue: how long to listen before answering', atLeastOne)

function selection(command: Command): Command {
  const several = (name: string, before: string[] | undefined): string[] => [...(before ?? []), name]
  return command
    .argument('<source...>', sourceHelp)
    .addOption(new Option('--records <kind>', 'which records').choices(recordsSchema.options).default('tasks'))
    .option('--filter <json>', "a filter in Flowcept's Mongo style ($and $or $nor $not $eq $ne $gt $gte $lt $lte $in $nin $exists $regex)")
    .option('--search <text>', 'text that some field contains')
    .option('--columns <names>', 'columns, with commas between; a JSON list where a name has a comma', several)
    .option('--sort <columns>', 'columns to sort by, each with :desc if wanted', several)
}

function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('A whole number is expected.')
  return Number(text)
}

function atLeastOne(text: string): number {
  const number = whole(text)
  if (number < 1) throw new InvalidArgumentError('At least 1 is expected.')
  return number
}

function port(text: string): number {
  const number = whole(text)
  if (number > 65_535) throw new InvalidArgumentError('A port is at most 65535.')
  return number
}

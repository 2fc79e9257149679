/** The commands about databases: their flags, help and examples. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { examples } from './helpText.ts'

export const dbFormats = ['table', 'json', 'jsonl'] as const
export type DbFormat = (typeof dbFormats)[number]
export const dbKinds = { tasks: 'task', workflows: 'workflow', agents: 'agent', objects: 'object' } as const
export type DbKind = (typeof dbKinds)[keyof typeof dbKinds]

/** Which database. */
export type DbFlags = { lmdb?: string; mongodb?: string; mongodbPasswordFile?: string }
export type DbQueryFlags = DbFlags & { filter?: string; columns?: string[]; sort?: string[]; offset: number; limit?: number; aggregate?: string[]; group?: string; count?: true; format: DbFormat }
export type TransferFlags = { dryRun?: true; json?: true; mongodbPasswordFile?: string }
export type DbCommands = {
  dbQuery: (kind: DbKind, flags: DbQueryFlags) => Promise<void>
  dbGet: (kind: DbKind, id: string, flags: DbFlags) => Promise<void>
  dbDownload: (objectId: string, flags: DbFlags & { version?: number; to: string }) => Promise<void>
  transfer: (source: string, target: string, flags: TransferFlags) => Promise<void>
}

const passwordFlag = ['--mongodb-password-file <file>', "holds MongoDB's password (or PROVSCOPE_MONGODB_PASSWORD does)"] as const

export function addDbCommands(program: Command, commands: DbCommands): void {
  const db = program
    .command('db')
    .description("query a database of Flowcept's: MongoDB where its settings enable it, LMDB where they enable only that, or the one that is named")
  for (const [name, kind] of Object.entries(dbKinds)) addQuery(db, name, kind, commands)
  place(db.command('get'))
    .description('print one record, whole')
    .argument('<kind>', Object.values(dbKinds).join(', '), kindArgument)
    .argument('<id>', 'its id')
    .addHelpText('after', examples('provscope db get task 1753457858.952133 --lmdb flowcept_lmdb'))
    .action(commands.dbGet)
  place(db.command('download'))
    .description('write the bytes of a stored object (a model, a dataset) to a file, as they were stored: never unpickled, compared with their SHA-256')
    .argument('<object-id>', 'its object_id')
    .option('--version <number>', 'an earlier version (default: the latest)', whole)
    .requiredOption('--to <file>', 'the file; it appears when it is complete')
    .addHelpText('after', examples('provscope db download my_model --mongodb mongodb://localhost:27017 --version 2 --to my_model.pkl'))
    .action(commands.dbDownload)
  addTransfer(program, commands)
}

function addQuery(db: Command, name: string, kind: DbKind, commands: DbCommands): void {
  place(db.command(name))
    .description(`print ${name} that match, as they are stored`)
    .option('--filter <json>', "a filter in Flowcept's Mongo style ($and $or $nor $not $eq $ne $gt $gte $lt $lte $in $nin $exists $regex)")
    .option('--columns <names>', 'fields to keep, with commas between; a JSON list where a name has a comma', several)
    .option('--sort <columns>', 'fields to sort by, each with :desc if wanted; of aggregates their names, such as avg_used_n', several)
    .option('--offset <number>', 'records to pass over', whole, 0)
    .option('--limit <number>', 'records to print (default: all; 50 in a table)', whole)
    .option('--aggregate <function:field>', 'avg, sum, min, max, count, first, last, stdDevPop or stdDevSamp of a field; again for more', several)
    .option('--group <field>', 'with --aggregate: a row for each value of this field')
    .option('--count', 'print only how many match')
    .addOption(new Option('--format <format>', 'table for people; json is one list, jsonl one record a line').choices(dbFormats).default('table'))
    .addHelpText('after', examples(`provscope db ${name} --lmdb flowcept_lmdb --limit 10`, ...(kind === 'task' ? [`provscope db tasks --filter '{"status": "ERROR"}' --columns activity_id,stderr --format jsonl`, 'provscope db tasks --aggregate avg:generated.loss --aggregate count:task_id --group activity_id --sort avg_generated_loss'] : [])))
    .action(async (flags: DbQueryFlags) => await commands.dbQuery(kind, flags))
}

function addTransfer(program: Command, commands: DbCommands): void {
  const storeHelp = 'an LMDB folder, a MongoDB URI, or a buffer file (.jsonl)'
  program
    .command('transfer')
    .description('copy the records of one store into another, any way round: merged, never replaced, and read back')
    .argument('<source>', storeHelp)
    .argument('<target>', `${storeHelp}; a folder or file that is missing is made`)
    .option('--dry-run', 'count what would be done, and do nothing')
    .option('--json', 'one JSON object with the counts')
    .option(...passwordFlag)
    .addHelpText('after', '\nThe same command again changes nothing; one that was interrupted goes on where it was. Exit code: 0 all is there, 1 something is missing or differs, 2 wrong use.')
    .addHelpText('after', examples('provscope transfer flowcept_lmdb mongodb://localhost:27017/flowcept --dry-run', 'provscope transfer flowcept_buffer.jsonl flowcept_lmdb'))
    .action(commands.transfer)
}

function place(command: Command): Command {
  return command
    .addOption(new Option('--lmdb <folder>', 'this LMDB folder').conflicts('mongodb'))
    .option('--mongodb <uri>', "this MongoDB; its database is Flowcept's unless the URI names one")
    .option(...passwordFlag)
}

const several = (name: string, before: string[] | undefined): string[] => [...(before ?? []), name]

function kindArgument(text: string): DbKind {
  const kind = Object.values(dbKinds).find((name) => text === name || text === `${name}s`)
  if (kind === undefined) throw new InvalidArgumentError(`One of ${Object.values(dbKinds).join(', ')} is expected.`)
  return kind
}

function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('A whole number is expected.')
  return Number(text)
}

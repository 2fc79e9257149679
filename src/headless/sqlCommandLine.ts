/** `provscope sql`: its flags, help and examples. */
import { type Command, Option } from 'commander'
import { examples } from './helpText.ts'

export const sqlFormats = ['table', 'csv', 'json', 'jsonl'] as const
export type SqlFlags = { for?: number; format: (typeof sqlFormats)[number]; file?: string; filter?: string; search?: string; explain?: true }
export type SqlCommands = { sql: (sourcesAndStatement: string[], flags: SqlFlags) => Promise<void> }

export function addSqlCommand(program: Command, commands: SqlCommands, listening: (command: Command) => Command): void {
  listening(program.command('sql'))
    .description('ask the records in SQL: one SELECT over tasks, workflows, agents, objects, messages and gaps')
    .argument('<source and sql...>', 'sources, opened together as one, and at the end the statement in quotation marks (without it with --file)')
    .option('--file <path>', 'read the statement from a file; - for standard input')
    .option('--filter <json>', "only tasks and messages that match this filter in Flowcept's Mongo style")
    .option('--search <text>', 'only tasks and messages of which some field contains the text')
    .addOption(new Option('--format <format>', 'table for people; json is one list, jsonl one object a line').choices(sqlFormats).default('table'))
    .option('--explain', 'print the plan instead of running it')
    .addHelpText('after', examples(`provscope sql run.jsonl "SELECT activity_id, count(*), median(duration) FROM tasks GROUP BY ALL"`, `provscope sql run.jsonl "SELECT used.lr, generated.loss FROM tasks ORDER BY 2" --format csv > losses.csv`, 'provscope sql runs/ --file slow.sql --format jsonl', 'provscope sql run.jsonl "DESCRIBE tasks"'))
    .addHelpText('after', '\nFields go by their dotted names (used.lr; in quotation marks where they are no plain words), times are epoch seconds, lists and dicts JSON.\nIn json and jsonl every integer keeps its digits; NaN and infinities are null.')
    .action(commands.sql)
}

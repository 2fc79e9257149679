/** `provscope export`: its flags, help and examples. */
import { type Command, Option } from 'commander'
import { documentFormats, secretTreatment, tableFormats, type SecretTreatment } from '#contract/exports'
import { examples } from './helpText.ts'
import type { SelectionFlags } from './selection.ts'

export const exportFormats = [...tableFormats, ...documentFormats, 'mongodb', 'lmdb'] as const
export type ExportFormat = (typeof exportFormats)[number]

export type ExportFlags = SelectionFlags & {
  to: string
  format?: ExportFormat
  from?: string
  until?: string
  secrets: SecretTreatment
  manifest: boolean
  verify: boolean
  guardFormulas?: true
  /** Stores. */
  dryRun?: true
  related: boolean
  mongodbPasswordFile?: string
  json?: true
  /** Documents. */
  workflow?: string
  campaign?: string
  task?: string
  direction: 'up' | 'down' | 'both'
  capturedOnly?: true
}

export function addExportFlags(command: Command): Command {
  return command
    .requiredOption('--to <target>', 'a file, which appears when it is complete; a MongoDB (mongodb://…) or a folder of LMDB')
    .addOption(new Option('--format <format>', "by default what the target's name ends with: .csv .tsv .jsonl .parquet .arrow .feather .prov.json .provn .crate.zip .md .html").choices(exportFormats))
    .option('--from <time>', 'only what started then or later: 2026-07-22T10:30Z, or epoch seconds')
    .option('--until <time>', 'only what started then or earlier')
    .addOption(new Option('--secrets <treatment>', 'what is done with values that look like secrets').choices(secretTreatment.options).default('keep'))
    .option('--no-manifest', 'lay no <target>.manifest.json beside it')
    .option('--no-verify', 'do not read the file back and compare it')
    .option('--guard-formulas', 'csv and tsv: put an apostrophe before cells that a spreadsheet would run as a formula')
    .option('--dry-run', 'stores: count what would be new, changed and equal, and write nothing')
    .option('--no-related', 'stores: leave out the workflows, agents and objects that the tasks belong to')
    .option('--mongodb-password-file <file>', "holds MongoDB's password (or PROVSCOPE_MONGODB_PASSWORD does)")
    .option('--json', 'stores: one JSON object instead of a table')
    .option('--workflow <id>', 'documents: about this workflow')
    .option('--campaign <id>', 'documents: about this campaign')
    .option('--task <id>', 'documents: about the lineage of this task')
    .addOption(new Option('--direction <direction>', 'with --task: which way to follow').choices(['up', 'down', 'both']).default('both'))
    .option('--captured-only', 'documents: only links that the run recorded, no equal values')
    .addHelpText(
      'after',
      examples(
        'provscope export run.jsonl --to tasks.csv',
        'provscope export runs/ --filter \'{"used.lr": {"$gt": 0.1}}\' --columns task_id,used.lr,generated.loss --to lr.parquet',
        'provscope export run.jsonl --secrets replace --to share.jsonl',
        'provscope export run.jsonl --to mongodb://login02:27017/flowcept --dry-run',
        'provscope export run.jsonl --task 1753457858.952133 --to lineage.prov.json'
      )
    )
    .addHelpText('after', '\njsonl holds whole records as a Flowcept buffer does, with the workflows and agents that the tasks belong to, whatever --columns says.')
}

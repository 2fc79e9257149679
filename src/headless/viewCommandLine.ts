/** The commands that show a run as a tree, its lineage, its critical path and what differs between two: their flags, help and examples. */
import { type Command, Option } from 'commander'
import { examples } from './helpText.ts'

type Json = { json?: true }
export type TreeFlags = Json & { filter?: string; search?: string; depth?: number; fold: boolean }
export type LineageFlags = Json & { task: string; direction: 'up' | 'down' | 'both'; capturedOnly?: true }
export type CriticalPathFlags = Json & { workflow: string; capturedOnly?: true }
export type CompareFlags = Json & { workflows?: string[]; campaigns?: string[]; match: 'order' | 'inputs' | 'parent'; all?: true }
export type ViewCommands = {
  tree: (sources: string[], flags: TreeFlags) => Promise<void>
  lineage: (sources: string[], flags: LineageFlags) => Promise<void>
  criticalPath: (sources: string[], flags: CriticalPathFlags) => Promise<void>
  compare: (sources: string[], flags: CompareFlags) => Promise<void>
}

const sourceHelp = 'buffer files, folders, quoted globs, or - for standard input, opened together as one; or an LMDB folder, or a MongoDB (mongodb://…)'

export function addViewCommands(program: Command, commands: ViewCommands, whole: (text: string) => number): void {
  program
    .command('tree')
    .description('print campaigns, workflows, their tasks and child tasks, repeated siblings folded')
    .argument('<source...>', sourceHelp)
    .option('--filter <json>', "only tasks that match this filter in Flowcept's Mongo style")
    .option('--search <text>', 'only tasks of which some field contains the text')
    .option('--depth <levels>', 'levels to print (default: all)', whole)
    .option('--no-fold', 'print each repeated sibling')
    .option('--json', 'nested JSON objects: kind, name, id, tasks, statuses, seconds, children')
    .addHelpText('after', examples('provscope tree flowcept_buffer.jsonl', 'provscope tree runs/ --depth 2'))
    .action(commands.tree)

  program
    .command('lineage')
    .description('print what a task came from and what was made of it, each link with its evidence')
    .argument('<source...>', sourceHelp)
    .requiredOption('--task <id>', 'task_id of the task')
    .addOption(new Option('--direction <direction>', 'which way to follow').choices(['up', 'down', 'both']).default('both'))
    .option('--captured-only', 'follow only links that the run recorded, no equal values')
    .option('--json', 'one JSON object: nodes, and edges with kind (captured, inferred) and evidence')
    .addHelpText('after', examples('provscope lineage run.jsonl --task 1753457858.952133', "provscope lineage run.jsonl --task 1753457858.952133 --direction up --json | jq '.edges'"))
    .action(commands.lineage)

  program
    .command('critical-path')
    .description('print the chain of tasks that a workflow took longest for, and how much slack the others have')
    .argument('<source...>', sourceHelp)
    .requiredOption('--workflow <id>', 'workflow_id of the workflow')
    .option('--captured-only', 'use only links that the run recorded, no equal values')
    .option('--json', 'one JSON object: path, seconds, waits, slack')
    .addHelpText('after', examples('provscope critical-path run.jsonl --workflow 5a1f…'))
    .action(commands.criticalPath)

  program
    .command('compare')
    .description('print what differs between two sources, or between workflows or campaigns of one')
    .argument('<source...>', 'two sources; or one, with --workflows or --campaigns')
    .option('--workflows <ids>', 'ids of two or more workflows, with commas between', several)
    .option('--campaigns <ids>', 'ids of two or more campaigns, with commas between', several)
    .addOption(new Option('--match <how>', 'how a task finds its counterpart').choices(['order', 'inputs', 'parent']).default('order'))
    .option('--all', 'print equal fields too')
    .option('--json', 'one JSON object')
    .addHelpText('after', examples('provscope compare monday.jsonl tuesday.jsonl', 'provscope compare sweep.jsonl --workflows 49529fc8-…,09351fc4-… --json'))
    .action(commands.compare)
}

const several = (text: string, before: string[] | undefined): string[] => [...(before ?? []), ...text.split(',').filter((id) => id !== '')]

/** The commands that tend buffer files: their flags, help and examples. */
import type { Command } from 'commander'
import { examples } from './helpText.ts'

export type ConsolidateFlags = { workflowId: string; cleanup?: true; dryRun?: true; to?: string; json?: true }
export type DeleteFlags = { dryRun?: true; yes?: true }
export type BufferCommands = {
  bufferList: (base: string | undefined, flags: { json?: true }) => Promise<void>
  bufferConsolidate: (base: string | undefined, flags: ConsolidateFlags) => Promise<void>
  bufferDelete: (paths: string[], flags: DeleteFlags) => Promise<void>
}

const baseHelp = "the path that Flowcept was given for its buffer, or the folder it lies in (default: what Flowcept's settings say)"

export function addBufferCommands(program: Command, commands: BufferCommands): void {
  const buffer = program.command('buffer').description("tend Flowcept's buffer files: list those that belong together, join them, delete them")
  buffer
    .command('list')
    .description('list the split buffers beside a path, by the workflow that they are of')
    .argument('[base]', baseHelp)
    .option('--json', 'one JSON object: runs with their files, and what is not certain')
    .addHelpText('after', examples('provscope buffer list', 'provscope buffer list runs/flowcept_buffer.jsonl'))
    .action(commands.bufferList)
  buffer
    .command('consolidate')
    .description('join the split buffers of one workflow, in the order of time: exactly its own, each line as it is, read back before anything is deleted')
    .argument('[base]', baseHelp)
    .requiredOption('--workflow-id <id>', 'the whole id; files of ids that only begin with it are left alone')
    .option('--to <file>', 'where to (default: beside the others, as Flowcept names it)')
    .option('--cleanup', 'delete the files that were joined, once the result is verified and as far as they have not changed')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--json', 'one JSON object with the figures')
    .addHelpText('after', '\nThe same command again adds what has come since, and no line twice; one that was interrupted is simply run again.\nExit code: 0 all is joined, 1 something was left (a file that changed, a line that is cut short), 2 wrong use.')
    .addHelpText('after', examples('provscope buffer consolidate runs/flowcept_buffer.jsonl --workflow-id 3f0c9a1e-6d1b-4a0e-9b39-5f4a27c0d001 --dry-run', 'provscope buffer consolidate --workflow-id 3f0c9a1e-6d1b-4a0e-9b39-5f4a27c0d001 --cleanup'))
    .action(commands.bufferConsolidate)
  buffer
    .command('delete')
    .description('delete buffer files; anything else is refused')
    .argument('[path...]', "buffer files (default: the one of Flowcept's settings)")
    .option('--dry-run', 'say what would be deleted, and delete nothing')
    .option('--yes', 'do not ask; needed where there is no terminal to ask on')
    .addHelpText('after', examples('provscope buffer delete flowcept_buffer.jsonl --dry-run', 'provscope buffer delete --yes old/*.jsonl'))
    .action(commands.bufferDelete)
}

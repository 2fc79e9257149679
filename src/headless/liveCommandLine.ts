/** The commands about message queues: their flags, help and examples. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { examples, queueHelp } from './helpText.ts'
import { readSize } from './recordFolder.ts'
import type { RecordFlags } from './recordPlan.ts'

export type ReplayFlags = { speed?: number; burst?: true; channel?: string; loop?: true; now?: true; sample?: true; passwordFile?: string }
export type LiveCommands = {
  record: (queue: string | undefined, flags: RecordFlags & { spillLimit?: number; json?: true }) => Promise<void>
  replay: (file: string | undefined, queue: string | undefined, flags: ReplayFlags) => Promise<void>
  consume: (module: string, queue: string | undefined, flags: { passwordFile?: string }) => Promise<void>
}

const passwordFlag = ['--password-file <file>', "holds the queue's password (or PROVSCOPE_MQ_PASSWORD does)"] as const

export function addLiveCommands(program: Command, commands: LiveCommands): void {
  addRecord(program, commands)
  addReplay(program, commands)
  addConsume(program, commands)
}

function addRecord(program: Command, commands: LiveCommands): void {
  program
    .command('record')
    .description("write a queue's messages to stores until it is stopped (SIGINT or SIGTERM), as Flowcept's inserter does")
    .argument('[queue]', `${queueHelp}; without it the one of Flowcept's settings`)
    .option('--lmdb <folder>', 'an LMDB folder, in the format that Flowcept reads and writes')
    .option('--mongodb <uri>', "a MongoDB server; its database is Flowcept's unless the URI names one")
    .option('--jsonl <file>', 'a buffer file, appended to')
    .option('--as-inserter', 'also answer control messages in the key-value store, as a run that waits for a safe stop needs')
    .option('--kv <url>', "the key-value store's Redis (default: of Flowcept's settings, or the queue's)")
    .option('--bundle <id>', 'answer the control messages of this bundle only, and end with it')
    .option('--spill-limit <size>', 'how much may wait on disk to be written, such as 2GB (default: half of what is free, 10 GiB at most)', size)
    .option('--json', 'a status a second on stdout, one JSON object a line')
    .option(...passwordFlag)
    .option('--mongodb-password-file <file>', "holds MongoDB's password (or PROVSCOPE_MONGODB_PASSWORD does)")
    .addHelpText('after', '\nWithout --lmdb, --mongodb and --jsonl it writes where Flowcept’s settings say. The same command again goes on where the last one was ended, however that was.')
    .addHelpText('after', '\nExit code: 0 everything is stored, 1 something is missing (a gap, a message that cannot be decoded, a store that is not complete), 2 wrong use.')
    .addHelpText('after', examples('provscope record redis://localhost:6379/interception --lmdb flowcept_lmdb', 'provscope record --as-inserter', 'provscope record redis://login1:6379/interception --jsonl run.jsonl --json | tee status.jsonl'))
    .action(commands.record)
}

function addReplay(program: Command, commands: LiveCommands): void {
  program
    .command('replay')
    .description('publish a buffer, or a recording of a channel, as Flowcept would')
    .argument('[file]', 'a buffer (.jsonl, .jsonl.gz, .jsonl.zst), or lines of {"t", "channel", "payload_b64"}; left out with --sample')
    .argument('[queue]', queueHelp)
    .addOption(new Option('--speed <factor>', 'how many times faster than it was (default: 1)').argParser(factor).conflicts('burst'))
    .option('--burst', 'as fast as the broker takes it')
    .option('--channel <name>', "the channel to publish on (default: the queue's)")
    .option('--loop', 'again and again, each time as another run, until it is stopped')
    .option('--now', 'move times to the present, and stretch them with the speed, so that a live view looks live')
    .option('--sample', 'the bundled sample')
    .option(...passwordFlag)
    .addHelpText('after', examples('provscope replay --sample --now --speed 0.005 --loop redis://localhost:6379/interception', 'provscope replay flowcept_buffer.jsonl redis://localhost:6379/interception --speed 10'))
    .action(commands.replay)
}

function addConsume(program: Command, commands: LiveCommands): void {
  program
    .command('consume')
    .description('run a consumer of your own on a queue: a module whose default export extends BaseConsumer')
    .argument('<module>', 'a .ts, .mts, .js or .mjs file')
    .argument('[queue]', `${queueHelp}; without it the one of Flowcept's settings`)
    .option(...passwordFlag)
    .addHelpText('after', examples('provscope consume examples/printMessages.ts redis://localhost:6379/interception'))
    .action(commands.consume)
}

function size(text: string): number {
  const bytes = readSize(text)
  if (bytes === null) throw new InvalidArgumentError('A size such as 500MB or 2GiB is expected.')
  return bytes
}

function factor(text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number) || number <= 0) throw new InvalidArgumentError('A number above 0 is expected.')
  return number
}

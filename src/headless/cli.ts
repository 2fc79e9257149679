/** The command line's entry: runs one command and says with its exit code how it went. */
import { CommanderError } from 'commander'
import { Refusal } from '#contract/reply'
import { commandLine } from './commandLine.ts'
import { runCommands } from './runCommands.ts'
import { outputTo } from './output.ts'
import { WrongUse } from './wrongUse.ts'

const stop = new AbortController()
const leaving = new AbortController()
/** One press of Ctrl+C may come twice: from the terminal, and from the process that started this one. */
const secondAfterMs = 1000
let stoppedBy: NodeJS.Signals | null = null
let stoppedAtMs = 0
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stoppedBy === null) {
      stoppedBy = signal
      stoppedAtMs = performance.now()
      stop.abort()
    } else if (performance.now() - stoppedAtMs > secondAfterMs) {
      // Whoever asks twice does not want to wait for what is being put away.
      leaving.abort()
      process.exit(exitCodes[signal])
    }
  })
}
const exitCodes = { SIGINT: 130, SIGTERM: 143 }

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const output = outputTo(process.stdout)
  const say = (text: string): void => void process.stderr.write(text)
  const run = runCommands({ output, say, signal: AbortSignal.any([stop.signal, output.closed]), interrupted: stop.signal, leaving: leaving.signal })
  try {
    await commandLine(run.commands, { out: (text) => void output.write(text), err: say, columns: process.stdout.columns || 100 }).parseAsync(args, { from: 'user' })
    return run.exitCode()
  } catch (error) {
    // Nobody reads the results any more, as in `… | head`: they have what they wanted.
    if (output.closed.aborted) return 0
    if (stoppedBy !== null) return exitCodes[stoppedBy as keyof typeof exitCodes]
    return tell(error, say)
  }
}

function tell(error: unknown, say: (text: string) => void): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof WrongUse) {
    say(`provscope: ${error.message}\n`)
    return 2
  }
  if (error instanceof Refusal) {
    say(`provscope: ${error.message}${error.path?.length ? `\n  at ${error.path.join(' › ')}` : ''}\n`)
    return error.code === 'bad-request' ? 2 : 1
  }
  say(`provscope: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return 1
}

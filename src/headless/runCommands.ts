/** Each command of the command line, from its flags to what it prints. */
import type { Source } from '#contract/sources'
import type { Commands } from './commandLine.ts'
import { runBufferCommands } from './runBufferCommands.ts'
import { runDbCommands } from './dbCommands.ts'
import { ended, findDesktop, startDesktop } from './desktop.ts'
import { exportTo, planExport } from './exportTarget.ts'
import { type Session, withSessions } from './openSession.ts'
import type { Output } from './output.ts'
import { listProblems, problemLine } from './problems.ts'
import { progressLine } from './progress.ts'
import { query } from './query.ts'
import { runLiveCommands } from './runLiveCommands.ts'
import { runSettingsCommands } from './settingsCommands.ts'
import { runViewCommands } from './runViewCommands.ts'
import { withoutArguments } from './queueTarget.ts'
import { readSelection } from './selection.ts'
import { hasDisplay, serve } from './serve.ts'
import { readStatement, sqlCommand } from './sqlCommand.ts'
import { summarise, summaryText } from './summary.ts'

const mostProblems = 20

export type CommandContext = {
  output: Output
  say: (text: string) => void
  /** Asks the command to end: somebody interrupts it, or nobody reads what it prints. */
  signal: AbortSignal
  /** The former alone. */
  interrupted: AbortSignal
  /** Aborted right before the process ends at once, because it was asked twice. */
  leaving: AbortSignal
}

export function runCommands(context: CommandContext): { commands: Commands; exitCode: () => number } {
  const { output, say, signal } = context
  let exitCode = 0
  const note = (text: string): void => say(`${text}\n`)

  const withinAll = async (lists: string[][], listenS: number | undefined, use: (sessions: Session[]) => Promise<void>): Promise<void> => {
    withoutArguments(lists.flat(), { env: {}, note })
    const progress = progressLine(process.stderr)
    const rejected = await withSessions(lists, { signal, listenS, onProgress: (source) => progress.show(progressText(source)), onBug: (error, method) => note(`${method}: ${error instanceof Error ? error.stack : String(error)}`) }, async (sessions) => {
      progress.end()
      await use(sessions)
      let anyRejected = false
      for (const session of sessions) anyRejected = (await tellProblems(session, note)) || anyRejected
      return anyRejected
    }).finally(() => progress.end())
    if (rejected) exitCode = 1
  }
  const within = (sources: string[], listenS: number | undefined, use: (session: Session) => Promise<void>): Promise<void> => withinAll([sources], listenS, ([session]) => use(session as Session))

  const serveHere = (sources: string[], { port, open, sample }: { port: number; open: boolean; sample: boolean }): Promise<void> => {
    withoutArguments(sources, { env: {}, note })
    return serve({
      sources,
      sample,
      port,
      openBrowser: open && hasDisplay(process.env, process.platform),
      signal,
      onReady: (url) => void output.write(`Provscope is ready at ${url}\n`),
      onProblem: note
    })
  }

  const missing = (): void => {
    exitCode = 1
  }

  const commands: Commands = {
    ...runLiveCommands({ ...context, onMissing: missing }),
    ...runDbCommands({ ...context, onMissing: missing }),
    ...runBufferCommands({ output, note, signal, onMissing: missing }),
    ...runSettingsCommands({ output, note }),
    ...runViewCommands({ output, note, within: (sources, use) => within(sources, undefined, use), withinEach: (sources, use) => withinAll(sources.map((source) => [source]), undefined, use) }),
    open: async (sources, { sample = false }) => {
      const desktop = sources.includes('-') ? { missing: 'standard input is read by the server only' } : await findDesktop({ onDownload: () => note('Fetching Electron, once …') })
      if ('electron' in desktop) {
        const handed = withoutArguments(sources, { env: process.env, note })
        exitCode = await ended(startDesktop(desktop.electron, [...(sample ? ['--sample'] : []), '--', ...handed.names], { asRoot: process.getuid?.() === 0, env: handed.env }), signal)
        return
      }
      note(`No desktop app: ${desktop.missing}. Serving the workbench to a browser instead.`)
      await serveHere(sources, { port: 0, open: true, sample })
    },
    serve: (sources, { port, open, sample = false }) => serveHere(sources, { port, open, sample }),
    summary: (sources, { json = false, for: listenS }) =>
      within(sources, listenS, async (session) => {
        const summary = await summarise(session)
        await output.write(json ? `${JSON.stringify(summary, null, 2)}\n` : summaryText(session, summary))
      }),
    query: async (sources, { offset, limit, format, for: listenS, ...flags }) => {
      const selection = readSelection(flags)
      const terminalColumns = process.stdout.isTTY ? process.stdout.columns : null
      await within(sources, listenS, (session) => query(session, { selection, offset, limit: limit ?? null, format }, { output, terminalColumns, onNote: note }))
    },
    sql: async (words, { for: listenS, file, ...flags }) => {
      const { sources, text } = await readStatement(words, file === undefined ? {} : { file })
      const terminalColumns = process.stdout.isTTY ? process.stdout.columns : null
      await within(sources, listenS, (session) => sqlCommand(session, text, flags, { output, note, terminalColumns }))
    },
    export: async (sources, { for: listenS, ...flags }) => {
      const plan = planExport(flags)
      await within(sources, listenS, async (session) => {
        const progress = progressLine(process.stderr)
        const onProgress = (doing: string, rows: number, totalRows: number): void => progress.show(`${number(rows)} of ${number(totalRows)} rows ${doing}`)
        const isWhole = await exportTo(session, plan, { output, note, onProgress }).finally(() => progress.end())
        if (!isWhole) exitCode = 1
      })
    }
  }
  return { commands, exitCode: () => exitCode }
}

/** @returns whether anything was rejected */
async function tellProblems({ ask, source }: Session, note: (text: string) => void): Promise<boolean> {
  const problems = await listProblems(ask, source.sourceId)
  for (const problem of problems.slice(0, mostProblems)) note(problemLine(problem))
  if (problems.length > mostProblems) note(`${number(problems.length - mostProblems)} more problems; "provscope summary --json" lists all`)
  return problems.length > 0
}

function progressText({ name, readBytes, totalBytes, counts, secondsLeft, live }: Source): string {
  if (live) return `Listening to ${name}: ${live.link.name}, ${number(live.received)} messages`
  const share = totalBytes ? ` of ${megabytes(totalBytes)}` : ''
  const left = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`
  return `Reading ${name}: ${megabytes(readBytes)}${share}, ${number(counts.messages)} messages${left}`
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
const number = (value: number): string => value.toLocaleString('en')

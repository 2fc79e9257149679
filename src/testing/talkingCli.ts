/** A command of the built command line that goes on while a test talks to it. */
import type { ChildProcess } from 'node:child_process'
import { type Ran, type RunOptions, startCli } from './builtCli.ts'

export type TalkingCli = {
  readonly child: ChildProcess
  readonly said: { out: string; err: string }
  /** Waits until it has said this, on stdout or stderr. @throws what it said if it ends before */
  hears(what: string | RegExp): Promise<void>
  /** What it had said when it ended; the code is null if a signal ended it. */
  readonly ended: Promise<Ran>
  /** Ends it, if it has not ended by itself. */
  stop(signal: NodeJS.Signals): Promise<Ran>
}

export function talkTo(args: readonly string[], options: RunOptions = {}): TalkingCli {
  const child = startCli(args, options)
  const said = { out: '', err: '' }
  let onSaid: () => void = () => undefined
  const hear = (stream: 'out' | 'err') => (text: string): void => {
    said[stream] += text
    onSaid()
  }
  child.stdout?.setEncoding('utf8').on('data', hear('out'))
  child.stderr?.setEncoding('utf8').on('data', hear('err'))
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      resolve({ code, ...said })
      onSaid()
    })
  })
  const includes = (what: string | RegExp): boolean => [said.out, said.err].some((text) => (typeof what === 'string' ? text.includes(what) : what.test(text)))
  return {
    child,
    said,
    ended,
    async hears(what) {
      let isOver = false
      void ended.then(() => {
        isOver = true
      })
      while (!includes(what)) {
        if (isOver) throw new Error(`It ended without saying ${String(what)}:\n${said.out}\n${said.err}`)
        await new Promise<void>((resolve) => {
          onSaid = resolve
        })
        await new Promise(setImmediate)
      }
    },
    async stop(signal) {
      child.kill(signal)
      return await ended
    }
  }
}

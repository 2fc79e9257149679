/** The commands about message queues, from their flags to what they print. */
import { isAddress } from '#hosting/namedSources'
import { chosenDatabases } from '#engine/session/settings/databases'
import { findSample } from '#engine/session/services/sample'
import { isChannelPattern, parseQueueUrl } from '#engine/sources/queue/queueAddress'
import { consume } from './consume.ts'
import type { LiveCommands, ReplayFlags } from './liveCommandLine.ts'
import type { Output } from './output.ts'
import { progressLine } from './progress.ts'
import { queueTarget, type QueueTarget } from './queueTarget.ts'
import { record } from './record.ts'
import { defaultSpillBytes, recordFolder } from './recordFolder.ts'
import { flowceptSettings, queueOf, recordPlan } from './recordPlan.ts'
import { replay } from './replay.ts'
import { ownPrefs } from './settingsCommands.ts'
import { standingLine } from './standingLine.ts'
import { WrongUse } from './wrongUse.ts'

export type LiveContext = {
  output: Output
  say: (text: string) => void
  signal: AbortSignal
  /** As `signal`, but not for want of readers: a recording goes on without them. */
  interrupted: AbortSignal
  /** Aborted right before the process ends at once, because it was asked twice. */
  leaving: AbortSignal
  /** Something was missing: the exit code is to say so. */
  onMissing: () => void
}

export function runLiveCommands({ output, say, signal, interrupted, leaving, onMissing }: LiveContext): LiveCommands {
  const note = (text: string): void => say(`${text}\n`)
  const surroundings = { env: process.env, note }
  return {
    record: async (queue, { spillLimit, json = false, ...flags }) => {
      const prefs = ownPrefs(note)
      const plan = recordPlan(queue, flags, { ...surroundings, own: { databases: await chosenDatabases(prefs), path: prefs.path } })
      const folder = await recordFolder(plan, process.env)
      const line = standingLine(process.stderr)
      const task = { plan, folder, spillBytes: spillLimit ?? (await defaultSpillBytes(folder)), asJson: json }
      const write = (text: string): Promise<void> => {
        line.end()
        return output.write(text)
      }
      const context = { signal: interrupted, leaving, write, note: line.above(note), showStatus: line.show }
      if (!(await record(task, context).finally(line.end))) onMissing()
    },
    replay: async (file, queue, flags) => {
      const { path, url } = replayed(file, queue, flags)
      const target = queueTarget(url, flags, surroundings)
      const channel = flags.channel ?? target.address.channel
      if (target.address.broker === 'redis' && isChannelPattern(channel)) throw new WrongUse(`${channel} is a pattern: one can listen to it, but not publish on it; name a channel with --channel`)
      const speed = flags.burst ? Infinity : (flags.speed ?? 1)
      const progress = progressLine(process.stderr)
      note(`Publishing ${path === '-' ? 'standard input' : path} on ${channel} of ${target.address.url}, ${flags.burst ? 'as a burst' : `${speed === 1 ? 'as fast as it was' : `${speed} times as fast as it was`}`}${flags.now ? ', with its times moved to the present' : ''}`)
      const done = await replay({ path, target, channel, speed, loop: flags.loop ?? false, toNow: flags.now ?? false }, { signal, note, onProgress: progress.show }).finally(() => progress.end())
      await output.write(`${count(done.messages, 'message')} published in ${done.seconds.toFixed(1)} s${flags.loop ? `, ${count(done.rounds, 'round')}` : ''}\n`)
      if (!done.heard && done.messages > 0) note(`Nobody had subscribed to ${channel}: they went to no one.`)
      if (done.problems > 0) {
        note(`${count(done.problems, 'line')} could not be published.`)
        onMissing()
      }
    },
    consume: async (module, queue, flags) => {
      const target = (): QueueTarget => queueOf(queue, flowceptSettings(process.env), flags, surroundings)
      await consume({ module, target, isNamed: queue !== undefined }, { signal, note, onMissing })
    }
  }
}

function replayed(first: string | undefined, second: string | undefined, { sample }: ReplayFlags): { path: string; url: string } {
  if (sample && second !== undefined) throw new WrongUse('either a file or --sample is published, not both')
  const [path, url] = sample ? [findSample(), first] : [first, second]
  if (path === undefined || isAddress(path)) throw new WrongUse('name a file to publish, or --sample')
  // Publishing is no guesswork: a queue that settings name by the way is not taken.
  if (url === undefined) throw new WrongUse('name the queue to publish to, such as redis://localhost:6379/interception')
  parseQueueUrl(url)
  return { path, url }
}

const count = (value: number, what: string): string => `${value.toLocaleString('en')} ${what}${value === 1 ? '' : 's'}`

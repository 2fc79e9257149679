/** Flowcept dumps its buffer at the end of a run where its settings say so; the same where a queue is detached. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { FlowceptSettings } from '#engine/inserter/flowceptSettings'
import type { Exports } from '../export/exports.ts'
import type { Grants } from '../services/grants.ts'
import { dumpWriting } from './dump.ts'
import { workflowsOf } from './fill.ts'
import type { LiveEntry } from './liveEntry.ts'

type Place = { readonly flowcept: FlowceptSettings; readonly exports: Exports; readonly grants: Grants; readonly startFolder: string }

/**
 * Only where somebody has asked for it (Flowcept's default is to dump, but a default is no reason to write into a folder that is being
 * watched), and not in online mode, where messages are not kept back for a dump. Never over a file that is there: the run itself dumps
 * to the same path.
 */
export async function dumpDetached(entry: LiveEntry, { exports, flowcept, grants, startFolder }: Place): Promise<void> {
  const { dumpBuffer, flushMode, settings } = flowcept
  const isAsked = settings.some(({ key, origin }) => key.startsWith('project.dump_buffer.') && origin !== 'default')
  if (!isAsked || !dumpBuffer.enabled || flushMode === 'online' || entry.taken.messagesLines === 0) return
  const workflows = dumpBuffer.appendWorkflowId ? await workflowsOf(await entry.table()) : new Set<string>()
  const path = freePath(resolve(startFolder, withIds(dumpBuffer, [...workflows])))
  exports.startWriting(dumpWriting(entry, { handle: grants.grant(path, 'write'), name: 'flowcept_buffer.jsonl', online: false }))
}

/** `<base>_<workflow id>_<process>` as Flowcept names them; a queue may hold several workflows, and then none is named. */
function withIds({ appendId, path }: FlowceptSettings['dumpBuffer'], workflows: readonly string[]): string {
  const ids = [...(workflows.length === 1 ? workflows : []), ...(appendId ? [String(process.pid)] : [])]
  return ids.length === 0 ? path : beforeSuffix(path, `_${ids.join('_')}`)
}

function freePath(path: string): string {
  let free = path
  for (let number = 2; existsSync(free); number++) free = beforeSuffix(path, `_${number}`)
  return free
}

function beforeSuffix(path: string, text: string): string {
  const [, base = path, suffix = ''] = /^(.*?)(\.[^./\\]+)?$/.exec(path) ?? []
  return `${base}${text}${suffix}`
}

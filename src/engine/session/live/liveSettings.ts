/** What Flowcept's configuration says, and what attaching would make of it. */
import { readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import type { Result } from '#contract/methods'
import { type FlowceptSettings, readFlowceptSettings } from '#engine/inserter/flowceptSettings'
import type { Grants } from '../services/grants.ts'

/** As Flowcept itself would find them, from this process's environment. */
export function flowceptSettings(env: NodeJS.ProcessEnv = process.env, homeFolder = homedir()): FlowceptSettings {
  return readFlowceptSettings({ env, homeFolder, readFile: textOf })
}

export async function liveSettings(flowcept: FlowceptSettings, { grants, spillFolder, startFolder }: { grants: Grants; spillFolder: string; startFolder: string }): Promise<Result<'live.settings'>> {
  const { dumpBuffer, files, lmdb, mongodb, queue, settings } = flowcept
  const place = (path: string) => {
    const absolute = resolve(startFolder, path)
    return { handle: grants.grant(absolute, 'write'), path: absolute }
  }
  const { bavail, bsize } = await statfs(spillFolder)
  return {
    settings: settings.map((setting) => ({ ...setting, over: setting.over && { ...setting.over } })),
    files: files.map((file) => ({ ...file })),
    url: queue?.url ?? '',
    lmdb: { ...place(lmdb.path), openHandle: grants.grant(resolve(startFolder, lmdb.path), 'read'), enabled: lmdb.enabled },
    mongodb: { uri: mongodb.shown, enabled: mongodb.enabled },
    jsonl: { ...place(dumpBuffer.path), enabled: dumpBuffer.enabled },
    freeBytes: bavail * bsize
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

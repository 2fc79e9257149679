/** Where a recording keeps what has arrived, so that the same command goes on with it after whatever ended the last one. */
import { createHash } from 'node:crypto'
import { mkdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { configDir } from '#engine/session/services/configDir'
import type { RecordPlan } from './recordPlan.ts'

const mostBytes = 10 * 2 ** 30

/** One for each queue and set of stores; no password has a part in its name. */
export async function recordFolder({ target, stores }: RecordPlan, env: NodeJS.ProcessEnv): Promise<string> {
  const identity = JSON.stringify([target.address.url, ...stores.map(({ type, name }) => [type, name])])
  const folder = join(configDir(env), 'recordings', createHash('sha256').update(identity).digest('hex').slice(0, 16))
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** Half of what is free, ten gibibytes at most. */
export async function defaultSpillBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return Math.min(mostBytes, Math.floor((bavail * bsize) / 2))
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12, ki: 2 ** 10, mi: 2 ** 20, gi: 2 ** 30, ti: 2 ** 40 }

/** `500MB`, `8 GiB`, `1e9`: bytes; null for what is no size. */
export function readSize(text: string): number | null {
  const [, number, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]i?)?b?\s*$/i.exec(text) ?? []
  const bytes = Number(number) * (units[unit.toLowerCase()] ?? Number.NaN)
  return Number.isFinite(bytes) && bytes >= 1 ? Math.floor(bytes) : null
}

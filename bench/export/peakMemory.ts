/** The most memory that this process has held since the last time it was asked to begin anew. */
import { readFileSync, writeFileSync } from 'node:fs'

export type Figures = { readonly seconds: number; readonly cpuSeconds: number; readonly peakBytes: number; readonly bytes: number | null }

/** @param job answers with the size of what it made, if that is known */
export async function measured(job: () => Promise<number | null>): Promise<Figures> {
  beginPeak()
  const start = performance.now()
  const before = process.cpuUsage()
  const bytes = await job()
  const { system, user } = process.cpuUsage(before)
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: (system + user) / 1e6, peakBytes: peakBytes(), bytes }
}

const isLinux = process.platform === 'linux'

function beginPeak(): void {
  // The kernel's own mark; elsewhere only the most since the process began is known.
  if (isLinux) writeFileSync('/proc/self/clear_refs', '5')
}

function peakBytes(): number {
  const kilobytes = isLinux ? /^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] : undefined
  return kilobytes === undefined ? process.resourceUsage().maxRSS * 1024 : Number(kilobytes) * 1024
}

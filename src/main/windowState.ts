/** Where the window was, so that it opens there again. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

export type Bounds = { x: number; y: number; width: number; height: number }
export type WindowState = { bounds: Bounds | null; maximised: boolean }

export const defaultSize = { width: 1440, height: 900 }
export const smallestSize = { width: 640, height: 480 }
/** So much of a title bar has to be on a display for a window to be found and moved. */
const reachable = { width: 120, height: 40 }

/** A file that cannot be read or makes no sense counts as none. */
export function readWindowState(path: string): WindowState {
  try {
    const state: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof state !== 'object' || state === null) return { bounds: null, maximised: false }
    const { x, y, width, height, maximised } = state as Record<string, unknown>
    const numbers = [x, y, width, height].every((value) => Number.isSafeInteger(value))
    return { bounds: numbers ? ({ x, y, width, height } as Bounds) : null, maximised: maximised === true }
  } catch {
    return { bounds: null, maximised: false }
  }
}

/** Another file first, so that a crash in the middle leaves the old one whole. At once, since the process may be about to end. */
export function writeWindowState(path: string, { bounds, maximised }: WindowState): void {
  writeFileSync(`${path}.new`, JSON.stringify({ ...bounds, maximised }))
  renameSync(`${path}.new`, path)
}

/**
 * The place to open at: as it was if its title bar is within reach on a display that is still there, else the default size
 * in the middle of the primary one. Never larger than the display.
 * @param workAreas of the displays, the primary one first
 */
export function placeWindow(remembered: Bounds | null, workAreas: readonly Bounds[]): Bounds {
  const home = remembered && workAreas.find((area) => holdsTitle(area, remembered))
  const area = home ?? workAreas[0] ?? { x: 0, y: 0, ...defaultSize }
  const size = home && remembered ? remembered : defaultSize
  const width = clamp(size.width, Math.min(smallestSize.width, area.width), area.width)
  const height = clamp(size.height, Math.min(smallestSize.height, area.height), area.height)
  if (home && remembered) return { x: remembered.x, y: remembered.y, width, height }
  return { x: area.x + Math.round((area.width - width) / 2), y: area.y + Math.round((area.height - height) / 2), width, height }
}

function holdsTitle(area: Bounds, { x, y, width }: Bounds): boolean {
  const visible = Math.min(x + width, area.x + area.width) - Math.max(x, area.x)
  return visible >= reachable.width && y >= area.y && y + reachable.height <= area.y + area.height
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high)

/** Where the windows were, so that they open there again. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

export type Bounds = { x: number; y: number; width: number; height: number }
export type WindowState = { bounds: Bounds | null; maximised: boolean }
/** @property id by which its page knows itself again */
export type KeptWindow = WindowState & { id: number }

const mostWindows = 20

export const defaultSize = { width: 1440, height: 900 }
export const smallestSize = { width: 640, height: 480 }
/** So much of a title bar has to be on a display for a window to be found and moved. */
const reachable = { width: 120, height: 40 }

/** A file that cannot be read or makes no sense counts as none; there is always one window. */
export function readWindows(path: string): KeptWindow[] {
  const kept = readKept(path)
  const windows = new Map(kept.slice(0, mostWindows).flatMap((value) => readWindow(value) ?? []).map((window) => [window.id, window]))
  return windows.size > 0 ? [...windows.values()] : [{ id: 1, bounds: null, maximised: false }]
}

/** Another file first, so that a crash in the middle leaves the old one whole. At once, since the process may be about to end. */
export function writeWindows(path: string, windows: readonly KeptWindow[]): void {
  writeFileSync(`${path}.new`, JSON.stringify({ windows: windows.map(({ id, bounds, maximised }) => ({ id, ...bounds, maximised })) }))
  renameSync(`${path}.new`, path)
}

function readKept(path: string): unknown[] {
  try {
    const state: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof state !== 'object' || state === null) return []
    // Earlier versions had one window, and kept it alone.
    return 'windows' in state && Array.isArray(state.windows) ? state.windows : [{ id: 1, ...state }]
  } catch {
    return []
  }
}

function readWindow(value: unknown): KeptWindow | null {
  if (typeof value !== 'object' || value === null) return null
  const { id, x, y, width, height, maximised } = value as Record<string, unknown>
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1 || id > 999_999) return null
  const numbers = [x, y, width, height].every((part) => Number.isSafeInteger(part))
  return { id, bounds: numbers ? ({ x, y, width, height } as Bounds) : null, maximised: maximised === true }
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

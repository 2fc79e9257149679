/** The presets of this person, kept by the engine. */
import { usePref } from '../../state/prefs.ts'
import { type ExportPreset, readPresets, withPreset } from './exportPresets.ts'

const isList = (value: unknown): value is unknown[] => Array.isArray(value)
const noPresets: unknown[] = []

export function useExportPresets(): { presets: ExportPreset[]; keep: (preset: ExportPreset) => void; forget: (name: string) => void } {
  const [kept, setKept] = usePref<unknown[]>('export.presets', noPresets, isList)
  const presets = readPresets(kept)
  return { presets, keep: (preset) => setKept(withPreset(presets, preset)), forget: (name) => setKept(presets.filter((preset) => preset.name !== name)) }
}

/** Ways of exporting that a person keeps under a name. */
import { type ExportChoice, readChoice } from '../../state/exportChoice.ts'

export type ExportPreset = { name: string; choice: ExportChoice }

export function readPresets(kept: readonly unknown[]): ExportPreset[] {
  return kept.flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null || !('name' in entry) || typeof entry.name !== 'string' || entry.name === '') return []
    return [{ name: entry.name, choice: readChoice('choice' in entry ? entry.choice : null) }]
  })
}

/** One of the same name gives way, in its place. What is selected now is nothing to keep: the next time it would be something else. */
export function withPreset(presets: readonly ExportPreset[], { name, choice }: ExportPreset): ExportPreset[] {
  const preset = { name: name.trim(), choice: readChoice({ ...choice, ...(choice.about !== 'whole' && { about: 'filtered' }) }) }
  const at = presets.findIndex((other) => other.name === preset.name)
  return at < 0 ? [...presets, preset] : presets.with(at, preset)
}

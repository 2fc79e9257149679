/** Exporting from the palette: what was chosen last, or a destination by name. */
import { useCommands } from '../../state/commands.ts'
import { destinationIds, exportTitles } from '../../state/exportChoice.ts'
import { openExport } from '../../state/exports.ts'
import { useSource } from '../../state/sources.ts'
import { singular, useMatching } from '../../state/useMatching.ts'
import { useKeptChoice } from './useExportChoice.ts'
import { useExportPresets } from './useExportPresets.ts'

export function useExportCommands(): void {
  // Read before the dialog is first opened.
  useKeptChoice()
  const { presets } = useExportPresets()
  const open = useSource() !== null
  const { matching, records } = useMatching()
  const names = presets.map(({ name }) => name).join('\n')
  useCommands(() => {
    if (!open) return []
    const detail = matching === null ? records : `${matching.toLocaleString('en-US')} ${matching === 1 ? singular(records) : records}`
    const common = { group: 'Filter' as const, detail, ...(matching === 0 && { unavailable: 'nothing matches the filter' }) }
    return [
      { ...common, id: 'export', title: 'Export…', keys: 'Ctrl+E', run: () => openExport() },
      ...destinationIds.map((id) => ({ ...common, id: `export.${id}`, title: `${exportTitles[id]}…`, run: () => openExport({ to: id }) })),
      ...presets.map(({ name, choice }) => ({ ...common, id: `export.preset.${name}`, title: `Export by preset: ${name}…`, run: () => openExport(choice) }))
    ]
  }, [open, matching, records, names])
}

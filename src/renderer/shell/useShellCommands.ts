/** The commands of the shell: panels, sources, views, filters, appearance. */
import { openAddFilter } from './filter/useFilterPopovers.ts'
import { searchFieldId } from './filter/SearchField.tsx'
import { cycleRegion } from './cycleRegion.ts'
import { useResolvedTheme, useTheme, useZonePref } from '../state/appearance.ts'
import { viewKeys } from '../state/commandCatalogue.ts'
import { type Command, useCommands } from '../state/commands.ts'
import { useCompareCommands } from '../state/compare.ts'
import { actOnSource, followSource, openByDialog, openSample } from '../state/open.ts'
import { openSettings } from '../state/settingsPage.ts'
import { engine, useEngine, useSource } from '../state/sources.ts'
import { useMatching } from '../state/useMatching.ts'
import { openSheet } from '../state/words.ts'
import { useWorkbench, workbench } from '../state/workbench.ts'
import { views } from '../views/registry.ts'


export function useShellCommands(): void {
  useGeneral()
  useSourceCommands()
  useScopeCommands()
  useCompareCommands()
}

function useGeneral(): void {
  const open = useSource() !== null
  const [theme, setTheme] = useTheme()
  const resolved = useResolvedTheme()
  const [zone, setZone] = useZonePref()
  const state = workbench.getState
  useCommands(
    () => [
      { id: 'palette', group: 'General', title: 'Search and commands', keys: 'Ctrl+K', keyOnly: true, run: () => state().setPaletteOpen(true) },
      { id: 'settings', group: 'General', title: 'Settings…', keys: 'Ctrl+,', run: () => openSettings() },
      { id: 'settings.keys', group: 'General', title: 'Change keys…', run: () => openSettings('Keyboard') },
      { id: 'settings.flowcept', group: 'General', title: 'Show Flowcept’s settings…', run: () => openSettings('Flowcept') },
      { id: 'shortcuts', group: 'General', title: 'Show all shortcuts', keys: '?', run: () => openSheet('shortcuts') },
      { id: 'about', group: 'General', title: 'About Provscope', run: () => state().setDialog('about') },
      { id: 'words', group: 'General', title: 'What the words mean', run: () => openSheet('words') },
      { id: 'region.next', group: 'General', title: 'Go to the next region', keys: 'F6', keyOnly: true, run: () => cycleRegion(1) },
      { id: 'region.previous', group: 'General', title: 'Go to the region before', keys: 'Shift+F6', keyOnly: true, run: () => cycleRegion(-1) },
      { id: 'theme', group: 'General', title: resolved === 'dark' ? 'Use the light theme' : 'Use the dark theme', run: () => setTheme(resolved === 'dark' ? 'light' : 'dark') },
      ...(theme === 'system' ? [] : [{ id: 'theme.system', group: 'General', title: 'Follow the system’s theme', run: () => setTheme('system') } as const]),
      { id: 'zone', group: 'General', title: zone === 'utc' ? 'Show times in local time' : 'Show times in UTC', run: () => setZone(zone === 'utc' ? 'local' : 'utc') }
    ],
    [theme, resolved, zone, setTheme, setZone]
  )
  useCommands(
    () =>
      open
        ? [
            { id: 'navigator', group: 'General', title: 'Show or hide the navigator', keys: 'Ctrl+B', run: () => state().setNavigatorOpen(!state().navigatorOpen) },
            { id: 'inspector', group: 'General', title: 'Show or hide the inspector', keys: 'Ctrl+I', run: () => state().setInspectorOpen(!state().inspectorOpen) },
            { id: 'problems', group: 'General', title: 'Show or hide problems', keys: 'Ctrl+J', run: () => state().setPanel(state().panel === 'problems' ? null : 'problems') },
            ...views.map((view, index): Command => ({ id: `view.${view.id}`, group: 'Views', title: `Go to ${view.name}`, keys: viewKeys(index), run: () => state().openView(view.id) }))
          ]
        : [],
    [open]
  )
}

function useSourceCommands(): void {
  const source = useSource()
  useCommands(
    () => [
      { id: 'open.file', group: 'Sources', title: 'Open file…', keys: 'Ctrl+O', run: () => void openByDialog('files') },
      { id: 'open.folder', group: 'Sources', title: 'Open folder…', keys: 'Ctrl+Shift+O', run: () => void openByDialog('folder') },
      { id: 'open.sample', group: 'Sources', title: 'Open the sample', ...(source === null && { keys: 'Ctrl+1' }), run: () => void openSample() }
    ],
    [source === null]
  )
  const several = useEngine((s) => s.sources.length > 1)
  useCommands(
    () =>
      several
        ? [
            { id: 'source.next', group: 'Sources', title: 'Show the next source', run: () => goToSource(1) },
            { id: 'source.previous', group: 'Sources', title: 'Show the source before', run: () => goToSource(-1) }
          ]
        : [],
    [several]
  )
  const { sourceId, name, state, following, kind } = source ?? {}
  useCommands(() => {
    if (sourceId === undefined) return []
    const commands: Command[] = [{ id: 'close', group: 'Sources', title: 'Close the source', detail: name ?? '', run: () => void actOnSource('sources.close', sourceId) }]
    if (state === 'reading' && !following && kind !== 'queue') commands.push({ id: 'stop', group: 'Sources', title: 'Stop reading here', detail: name ?? '', run: () => void actOnSource('sources.stop', sourceId) })
    if (state === 'stopped' && kind !== 'queue') commands.push({ id: 'readOn', group: 'Sources', title: 'Read the rest', detail: name ?? '', run: () => void actOnSource('sources.readOn', sourceId) })
    if (kind === 'file' || kind === 'files' || kind === 'folder') commands.push({ id: 'follow', group: 'Sources', title: following ? 'End following the file' : 'Follow the file as it grows', detail: name ?? '', run: () => void followSource(sourceId, !following) })
    return commands
  }, [sourceId, name, state, following, kind])
}

function goToSource(step: 1 | -1): void {
  const { sources } = engine.getState()
  const at = sources.findIndex(({ sourceId }) => sourceId === workbench.getState().sourceId)
  workbench.getState().openSource(sources[(at + step + sources.length) % sources.length]?.sourceId ?? null)
}

function useScopeCommands(): void {
  const open = useSource() !== null
  const { narrowed } = useMatching()
  const chips = useWorkbench((s) => s.chips)
  const range = useWorkbench((s) => s.range)
  useCommands(() => {
    if (!open) return []
    const state = workbench.getState
    return [
      { id: 'search', group: 'Filter', title: 'Search text', keys: '/', run: () => document.getElementById(searchFieldId)?.focus() },
      { id: 'filter', group: 'Filter', title: 'Add a filter…', keys: 'F', run: () => openAddFilter() },
      { id: 'failed', group: 'Filter', title: 'Filter: status = ERROR', detail: 'adds a chip', run: () => state().addChips([{ status: 'ERROR' }], { replace: 'status' }) },
      { id: 'clear', group: 'Filter', title: 'Clear the filter', detail: `${chips.length + (range ? 1 : 0)} conditions`, run: () => state().clearScope(), ...(!narrowed && { unavailable: 'nothing is filtered' }) }
    ]
  }, [open, narrowed, chips, range])
}

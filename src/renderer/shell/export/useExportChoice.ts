/** What the export dialog is set to: what was chosen last, changed by what opened the dialog and by the person. */
import { useCallback, useMemo, useState } from 'react'
import type { Source } from '#contract/sources'
import { aboutFor, choicePref, type ExportChoice, type ExportView, readChoice, withDatabase } from '../../state/exportChoice.ts'
import { exportsStore } from '../../state/exports.ts'
import { usePref } from '../../state/prefs.ts'
import { useCall } from '../../state/query.ts'
import { useSetting } from '../../state/settings.ts'
import { noPlace, type Place, refOf } from '../../state/transfers.ts'
import { useScope, useTaskScope } from '../../state/useScope.ts'
import { useWorkbench } from '../../state/workbench.ts'

const isAnything = (value: unknown): value is unknown => value !== undefined

/** What was chosen last; what is remembered of it. */
export const useKeptChoice = (): [unknown, (value: unknown) => void] => usePref<unknown>(choicePref, null, isAnything)

export function useExportChoice(source: Source) {
  const [kept, setKept] = useKeptChoice()
  const [usual, setUsual] = useUsual()
  const [changes, setChanges] = useState<Partial<ExportChoice>>(() => exportsStore.getState().opening)
  const [name, setName] = useState<string | null>(null)
  const choice: ExportChoice = useMemo(() => {
    const merged = { ...readChoice(kept), ...usual, about: 'filtered' as const, ...changes }
    return { ...merged, about: aboutFor(merged.to, merged.about) }
  }, [kept, usual, changes])
  const change = useCallback(
    (more: Partial<ExportChoice>): void => {
      setChanges((before) => ({ ...before, ...more }))
      setKept(readChoice({ ...choice, ...more }))
      setUsual(more)
    },
    [choice, setKept, setUsual]
  )
  /** For this once. */
  const apply = useCallback((more: Partial<ExportChoice>): void => setChanges((before) => ({ ...before, ...more })), [])
  /** What was written is what the next one begins with, however it was opened. */
  const remember = (): void => setKept(readChoice(choice))
  const store = useStorePlace(choice, change)
  return { source, view: useExportView(source), choice, change, apply, remember, name, setName, ...store }
}
export type ExportState = ReturnType<typeof useExportChoice>

type Usual = Pick<ExportChoice, 'secrets' | 'manifest' | 'verify' | 'guard'>

/** What the settings say each export begins with; what a person changes in the dialog is what the next one begins with. */
function useUsual(): [Usual, (more: Partial<Usual>) => void] {
  const [secrets, setSecrets] = useSetting('export.secrets')
  const [manifest, setManifest] = useSetting('export.manifest')
  const [verify, setVerify] = useSetting('export.verify')
  const [guard, setGuard] = useSetting('export.guardFormulas')
  const set = useCallback(
    (more: Partial<Usual>): void => {
      if (more.secrets !== undefined) setSecrets(more.secrets)
      if (more.manifest !== undefined) setManifest(more.manifest)
      if (more.verify !== undefined) setVerify(more.verify)
      if (more.guard !== undefined) setGuard(more.guard)
    },
    [setSecrets, setManifest, setVerify, setGuard]
  )
  return [useMemo(() => ({ secrets, manifest, verify, guard }), [secrets, manifest, verify, guard]), set]
}

/** What is shown, as far as an export asks. */
function useExportView({ sourceId }: Source): ExportView {
  const records = useWorkbench((s) => s.records)
  const selectedIds = useWorkbench((s) => s.selectedIds)
  const selection = useWorkbench((s) => s.selection)
  const columns = useWorkbench((s) => s.tableColumns)
  const sort = useWorkbench((s) => s.tableSort)
  const scope = useScope()
  const taskScope = useTaskScope()
  return useMemo(() => {
    const ids = selectedIds.length > 0 ? selectedIds : selection ? [selection.id] : []
    return { sourceId, records, scope, taskScope, ids, sort, columns }
  }, [sourceId, records, scope, taskScope, selectedIds, selection, columns, sort])
}

/** Where a store lies: its address is remembered, its password and the handle of a folder only as long as the dialog is open. */
function useStorePlace(choice: ExportChoice, change: (more: Partial<ExportChoice>) => void) {
  const [password, setPassword] = useState('')
  const [folder, setFolder] = useState<Pick<Place, 'handle' | 'place'>>(noPlace)
  // With a password in it, as it was typed; what is remembered has none.
  const [typed, setTyped] = useState<string | null>(null)
  const asked = choice.to === 'mongodb' && choice.uri === '' && typed === null
  const settings = useCall('live.settings', asked ? {} : null)
  const uri = typed ?? (choice.uri !== '' ? choice.uri : settings.data?.mongodb.enabled ? settings.data.mongodb.uri : '')
  const setUri = (next: string): void => {
    setTyped(next)
    change({ uri: next })
  }
  const isLmdb = choice.to === 'lmdb'
  const { handle, place } = folder
  const target = useMemo((): Place => (isLmdb ? { ...noPlace, type: 'lmdb', handle, place } : { ...noPlace, type: 'mongodb', uri: withDatabase(uri, choice.database), password }), [isLmdb, handle, place, uri, choice.database, password])
  return { uri, setUri, password, setPassword, setFolder, target, ref: refOf(target), forgetTyped: () => setTyped(null) }
}

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
  const usual = useUsual()
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
    },
    [choice, setKept]
  )
  const store = useStorePlace(choice, change)
  return { source, view: useExportView(source), choice, change, name, setName, ...store }
}
export type ExportState = ReturnType<typeof useExportChoice>

/** What the settings say each export begins with, whatever the last one was. */
function useUsual(): Pick<ExportChoice, 'secrets' | 'manifest' | 'verify' | 'guard'> {
  const [secrets] = useSetting('export.secrets')
  const [manifest] = useSetting('export.manifest')
  const [verify] = useSetting('export.verify')
  const [guard] = useSetting('export.guardFormulas')
  return useMemo(() => ({ secrets, manifest, verify, guard }), [secrets, manifest, verify, guard])
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

/** The writing of a file: its name, the place where a native dialog asks for one, and its start. */
import { useState } from 'react'
import { documentParams, isTable, tableParams } from '../../state/exportChoice.ts'
import { chooseTarget, startExport } from '../../state/exports.ts'
import { mistakeInName, renamed, suggestedName } from './exportWords.ts'
import type { ExportState } from './useExportChoice.ts'
import type { ExportSubject } from './useExportSubject.ts'

export type FileRun = { name: string; nameMistake: string | null; busy: boolean; mistake: string | null; write: () => Promise<void> }

export function useFileRun({ source, choice, view, remember, name: typed }: ExportState, { id, name: subjectName }: ExportSubject): FileRun {
  const [busy, setBusy] = useState(false)
  const [mistake, setMistake] = useState<string | null>(null)
  const name = typed === null ? suggestedName(choice.to, source.name, view.records, subjectName) : renamed(typed, choice.to)
  const write = async (): Promise<void> => {
    setBusy(true)
    setMistake(null)
    remember()
    const target = await chooseTarget(name.trim())
    const outcome = target === null || 'mistake' in target ? target : await startExport(isTable(choice.to) ? { method: 'exports.start', params: tableParams(choice, view, target) } : { method: 'exports.document', params: documentParams(choice, view, id, target) })
    setBusy(false)
    if (outcome && 'mistake' in outcome) setMistake(outcome.mistake)
  }
  return { name, nameMistake: mistakeInName(name), busy, mistake, write }
}

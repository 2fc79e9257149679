/** What a document is about, how far it goes, and its file. */
import { Checkbox } from '../../parts/Checkbox.tsx'
import { counted } from '../../parts/format.ts'
import { Segmented } from '../../parts/Segmented.tsx'
import type { ExportChoice } from '../../state/exportChoice.ts'
import css from './ExportDialog.module.css'
import { FileNameField } from './FileNameField.tsx'
import { RunField } from './RunField.tsx'
import type { ExportState } from './useExportChoice.ts'
import type { ExportSubject } from './useExportSubject.ts'
import type { FileRun } from './useFileRun.ts'

const directions: { value: ExportChoice['direction']; label: string }[] = [
  { value: 'up', label: 'What led to it' },
  { value: 'down', label: 'What came of it' },
  { value: 'both', label: 'Both' }
]

const words: Partial<Record<ExportChoice['to'], string>> = {
  'prov-json': 'Entities, activities and agents of W3C PROV as JSON: tasks are activities, the values they used and generated entities.',
  'prov-n': 'The same statements in the notation of W3C PROV, made for people to read.',
  'ro-crate': 'A Workflow Run Crate: metadata after schema.org, the run’s records and a page that shows them, in one .zip.',
  'workflow-card': 'Summary, structure, timing, activities and resources in Markdown, with the sections of Flowcept’s own card.',
  'html-report': 'One page with figures and pictures inside it: opens without a network and without Provscope.'
}

export function DocumentPane({ state: { choice, change, setName }, subject, file }: { state: ExportState; subject: ExportSubject; file: FileRun }) {
  const { to, about, inferred, direction } = choice
  return (
    <section className={css['part']} aria-label="Document">
      {(about === 'workflow' || about === 'campaign') && <RunField about={about} subject={subject} />}
      {about === 'lineage' && subject.taskId !== null && (
        <div className={css['lineage']}>
          <span className="t2 f12">Task</span>
          <span className="mono f11 ell grow" title={subject.taskId}>
            {subject.taskId}
          </span>
          <Segmented name="Direction of the lineage" value={direction} options={directions} onChange={(next) => change({ direction: next })} />
        </div>
      )}
      {subject.error !== null && (
        <p className="errc f12" role="alert">
          {subject.error}
        </p>
      )}
      <FileNameField file={file} onName={setName} />
      <p className="f11 t3">
        {words[to]} {about === 'lineage' && subject.tasks !== null && `The lineage has ${counted(subject.tasks, 'task')}.`}
      </p>
      {to !== 'workflow-card' && (
        <Checkbox checked={inferred} onChange={(next) => change({ inferred: next })}>
          <span>
            With inferred edges <span className="t3">values that are equal, each marked as inferred; without, only what the run recorded</span>
          </span>
        </Checkbox>
      )}
    </section>
  )
}

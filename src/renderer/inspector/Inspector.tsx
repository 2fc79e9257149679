/** One record whole: identity, times, inputs, outputs, lineage, output streams, telemetry, other fields, and the messages it came from. */
import { Copy, History, MousePointerClick, SearchX, X } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { type JsonObject, parseJson } from '#contract/json'
import type { LiveState } from '#contract/live'
import type { Source } from '#contract/sources'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { IconButton } from '../parts/IconButton.tsx'
import { Menu } from '../parts/Menu.tsx'
import { StatusMark } from '../parts/StatusMark.tsx'
import { Term } from '../parts/Term.tsx'
import { LivePane, useLivePaneTitle } from '../shell/live/LivePane.tsx'
import { useCall } from '../state/query.ts'
import { useSource } from '../state/sources.ts'
import { toast } from '../state/toasts.ts'
import { useWorkbench } from '../state/workbench.ts'
import { CriticalSection } from './CriticalSection.tsx'
import { fieldOf, textOf } from './fields.ts'
import { GraphOfTask, GraphPane, useGraphChoice } from './GraphPane.tsx'
import { IdentitySection } from './IdentitySection.tsx'
import { JsonTree } from './JsonTree.tsx'
import { LineageSection } from './LineageSection.tsx'
import { MessagesSection } from './MessagesSection.tsx'
import { ObjectSection } from './ObjectSection.tsx'
import { Section } from './Section.tsx'
import { StreamSection } from './StreamSection.tsx'
import { TelemetrySection } from './TelemetrySection.tsx'
import { TimeSection } from './TimeSection.tsx'
import css from './Inspector.module.css'
import { useKeysOf } from '../state/commands.ts'
import { words } from '../state/words.ts'

const one = { tasks: 'task', workflows: 'workflow', agents: 'agent', objects: 'object', messages: 'message' } as const
/** Fields that a section of their own shows. */
const shownElsewhere = new Set(['used', 'generated', 'stdout', 'stderr', 'telemetry_at_start', 'telemetry_at_end', 'telemetry_summary', 'started_at', 'ended_at', 'submitted_at', 'status', 'tags'])

export function Inspector(): ReactNode {
  const source = useSource()
  const records = useWorkbench((s) => s.records)
  const id = useWorkbench((s) => s.selection?.id ?? null)
  const setInspectorOpen = useWorkbench((s) => s.setInspectorOpen)
  const choice = useGraphChoice()
  const answer = useCall('records.get', source && id !== null ? { sourceId: source.sourceId, records, id } : null)
  const moment = useWorkbench((s) => s.moment)
  const unknown = moment !== null && answer.error?.code === 'not-found'
  const record = answer.data && answer.data.records === records && !unknown ? answer.data : null
  const document = useMemo(() => (record ? objectOf(record.document) : null), [record])
  const close = <IconButton name="Close the inspector" keys={useKeysOf('inspector')} icon={X} small onClick={() => setInspectorOpen(false)} />

  if (choice) return <GraphPane choice={choice} close={close} />
  if (id === null && source?.live) return <OfLive source={source} live={source.live} close={close} />
  if (id === null || !record || !document) {
    return (
      <aside className={css['inspector']} aria-label="Inspector">
        <header className={css['head']}>
          <span className="strong grow">Inspector</span>
          {close}
        </header>
        {id === null && source && (
          <div className={css['above']}>
            <CriticalSection source={source} />
          </div>
        )}
        {id === null ? (
          <EmptyState icon={MousePointerClick} title="Nothing selected">
            Choose a row to see the whole record: what it used and generated, when it ran, and the lines it was read from.
          </EmptyState>
        ) : unknown ? (
          <EmptyState icon={History} title={`This ${one[records]} was not known at this moment`}>
            No message of it had been seen. It is chosen still: at a later moment it is here.
          </EmptyState>
        ) : answer.error ? (
          <EmptyState icon={SearchX} title="This record could not be read" actions={<Button onClick={answer.retry}>Try again</Button>}>
            {answer.error.message}
          </EmptyState>
        ) : null}
      </aside>
    )
  }
  const name = textOf(document, 'activity_id') ?? textOf(document, 'name') ?? textOf(document, 'object_type') ?? textOf(document, 'type') ?? record.id
  const status = textOf(document, 'status')
  const units = unitsOf(document)
  const copy = (what: string, text: string) => (): void =>
    void navigator.clipboard.writeText(text).then(
      () => toast({ tone: 'done', title: `Copied the ${what}` }),
      (error: unknown) => toast({ tone: 'failed', title: 'Not copied', detail: String(error) })
    )
  return (
    <aside className={css['inspector']} aria-label="Inspector" aria-busy={answer.loading}>
      <header className={css['head']}>
        {status !== null && <StatusMark status={status} />}
        <span className="strong ell" title={name}>
          {name}
        </span>
        <span className="t3 f12">{one[records]}</span>
        <span className="grow" />
        <Menu
          name="Copy"
          trigger={<IconButton name="Copy" icon={Copy} small />}
          items={[
            { label: 'Copy the id', run: copy('id', record.id) },
            { label: 'Copy the record as JSON', run: copy('record', record.document) },
            { label: 'Copy the first message as it was read', disabled: record.messages.length === 0, run: copy('message', record.messages[0]?.text ?? '') }
          ]}
        />
        {close}
      </header>
      <div className={css['body']} tabIndex={0} role="group" aria-label={`${one[records]} ${name}`}>
        <IdentitySection document={document} records={records} id={record.id} messages={record.messagesTotal} />
        {records === 'objects' && source && <ObjectSection key={record.id} sourceId={source.sourceId} objectId={record.id} name={fileNameOf(document, record.id)} />}
        <TimeSection document={document} duration={record.duration} />
        {records === 'tasks' && source && <CriticalSection source={source} taskId={record.id} />}
        <TreeSection title="Used" id="used" value={fieldOf(document, 'used')} units={units} />
        <TreeSection title="Generated" id="generated" value={fieldOf(document, 'generated')} units={units} />
        {records === 'tasks' && source && <LineageSection sourceId={source.sourceId} taskId={record.id} />}
        {records === 'tasks' && <GraphOfTask taskId={record.id} />}
        <StreamSection name="stderr" value={fieldOf(document, 'stderr')} failed={status === 'ERROR'} />
        <StreamSection name="stdout" value={fieldOf(document, 'stdout')} failed={false} />
        <TelemetrySection document={document} />
        <TreeSection title="Other fields" id="other" value={othersOf(document)} units={null} startClosed />
        <MessagesSection sourceId={source?.sourceId ?? ''} records={records} record={record} />
      </div>
    </aside>
  )
}

function OfLive({ source, live, close }: { source: Source; live: LiveState; close: ReactNode }): ReactNode {
  const title = useLivePaneTitle(live)
  return (
    <aside className={css['inspector']} aria-label="Inspector">
      <header className={css['head']}>
        <span className="strong grow">{title}</span>
        {close}
      </header>
      <div className={css['body']} tabIndex={0} role="group" aria-label={title}>
        <CriticalSection source={source} />
        <LivePane source={source} live={live} />
      </div>
    </aside>
  )
}

function TreeSection({ title, id, value, units, startClosed = false }: { title: string; id: string; value: JsonObject[string] | undefined; units: JsonObject | null; startClosed?: boolean }): ReactNode {
  if (value === undefined || value === null) return null
  const isObject = typeof value === 'object' && !Array.isArray(value)
  const size = isObject ? Object.keys(value).length : null
  if (size === 0) return null
  return (
    <Section id={id} title={title} figure={size === null ? '' : String(size)} aside={asideOf(id)} startClosed={startClosed}>
      <JsonTree value={value} units={units} path={id === 'other' ? '' : id} />
    </Section>
  )
}

/** What the section is in PROV, explained. */
function asideOf(id: string): ReactNode {
  if (id !== 'used' && id !== 'generated') return null
  const { prov } = words[id]
  return (
    <span className="f11 t3">
      <Term {...words[id]}>{prov}</Term>
    </span>
  )
}

function objectOf(text: string): JsonObject | null {
  const value = parseJson(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
}

/** As the object says it is called, else its id. */
const fileNameOf = (document: JsonObject, id: string): string => (textOf(document, 'file_name') ?? textOf(document, 'name') ?? id).replace(/[/\\:]/g, '_').slice(0, 180)

/** `custom_metadata.units` names units of values by their key, as Flowcept users write them. */
function unitsOf(document: JsonObject): JsonObject | null {
  const metadata = fieldOf(document, 'custom_metadata')
  const units = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? fieldOf(metadata, 'units') : undefined
  return typeof units === 'object' && units !== null && !Array.isArray(units) ? units : null
}

function othersOf(document: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([key]) => !shownElsewhere.has(key)))
}

/** Which record this is: ids, activity, workflow and campaign, where it ran and who ran it. */
import type { ReactNode } from 'react'
import type { JsonObject } from '#contract/json'
import type { Records } from '#contract/values'
import { counted } from '../parts/format.ts'
import { Tag } from '../parts/Tag.tsx'
import { Term } from '../parts/Term.tsx'
import { fieldOf, textOf } from './fields.ts'
import { KeyValue, Section } from './Section.tsx'
import css from './Inspector.module.css'
import { words } from '../state/words.ts'

const ids: Record<Records, string[]> = {
  tasks: ['task_id', 'activity_id', 'workflow_id', 'campaign_id', 'parent_task_id', 'group_id', 'agent_id', 'source_agent_id', 'subtype', 'hostname', 'user'],
  workflows: ['workflow_id', 'name', 'workflow_description', 'parent_workflow_id', 'campaign_id', 'subtype', 'user', 'sys_name', 'flowcept_version'],
  agents: ['agent_id', 'name', 'campaign_id', 'workflow_id', 'user'],
  objects: ['object_id', 'type', 'task_id', 'workflow_id', 'version'],
  messages: ['type', 'task_id', 'activity_id', 'workflow_id', 'campaign_id', 'agent_id', 'object_id', 'name']
}

export function IdentitySection({ document, records, id, messages }: { document: JsonObject; records: Records; id: string; messages: number }): ReactNode {
  const shown = ids[records].flatMap((key) => {
    const value = fieldOf(document, key)
    return value === undefined || value === null || value === '' || typeof value === 'object' ? [] : [{ key, text: String(value) }]
  })
  const tags = fieldOf(document, 'tags')
  const merged = records === 'messages' ? 'as it was read' : <Term {...words.message}>{counted(messages, 'message')}</Term>
  return (
    <Section id="identity" title="Identity" aside={<span className="f11 t3">{merged}</span>}>
      {records === 'messages' && <KeyValue name="message">{id}</KeyValue>}
      {shown.map(({ key, text }) => (
        <KeyValue key={key} name={key}>
          <span className={key.endsWith('_id') && key !== 'activity_id' ? 'mono ell' : 'ell'} title={text}>
            {text}
          </span>
        </KeyValue>
      ))}
      {records === 'tasks' && textOf(document, 'task_id') === null && <KeyValue name="task_id">{id}</KeyValue>}
      {Array.isArray(tags) && tags.length > 0 && (
        <KeyValue name="tags">
          <span className={css['tags']}>
            {tags.map((tag, index) => (
              <Tag key={index}>{String(tag)}</Tag>
            ))}
          </span>
        </KeyValue>
      )}
    </Section>
  )
}

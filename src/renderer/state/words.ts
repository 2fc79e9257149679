/** What the words of the workbench mean, in two lines each, with their counterpart in W3C PROV where there is one. */
import { create } from 'zustand'
import { workbench } from './workbench.ts'

export type Word = {
  readonly word: string
  readonly means: string
  /** The term of W3C PROV, and how the two fit. */
  readonly prov?: string
}

const word = (name: string, means: string, prov?: string): Word => ({ word: name, means, ...(prov !== undefined && { prov }) })

export const words = {
  task: word('task', 'One run of an activity, such as a function call, with what it used, what it generated, when and where. Its messages are merged into one record.', 'prov:Activity'),
  activity: word('activity', 'What tasks do, by name: all tasks of the same function or step share one activity_id.', 'prov:Plan of an activity'),
  message: word('message', 'One line as Flowcept sent it: a task begun, a task ended, a workflow, an agent. Several messages can make one task; the Messages table has each as it was read.'),
  workflow: word('workflow', 'One execution of a program. Its tasks carry its workflow_id; it may stand within another workflow.', 'prov:Activity, which its tasks are part of'),
  campaign: word('campaign', 'Workflows that belong together, such as the runs of one study: they share a campaign_id.', 'prov:Collection of activities'),
  agent: word('agent', 'Who or what acted: an AI agent, a tool, a service, a person. Tasks name it in agent_id.', 'prov:Agent, by prov:wasAssociatedWith'),
  object: word('object', 'Something stored by itself, such as a model or a dataset, with versions. Tasks refer to it by object_id.', 'prov:Entity'),
  used: word('used', 'What a task took in: parameters and inputs, as the program handed them over.', 'prov:used'),
  generated: word('generated', 'What a task gave back: results and outputs.', 'prov:wasGeneratedBy'),
  captured: word('captured', 'The run itself recorded it: a task names its parent, its agent or the object it used. Drawn as a solid line.'),
  inferred: word('inferred', 'Not recorded, but equal values suggest it: one task generated what another used, earlier. Drawn dashed, with what matched.', 'prov:wasDerivedFrom, marked as inferred'),
  ambiguous: word('ambiguous', 'Several tasks could be the source of a value. Such links are counted and not drawn, as none of them is known.'),
  derived: word('derived', 'Computed here from what was recorded, such as a duration from a start and an end. Nothing in the source has it as it stands.'),
  gap: word('gap', 'A stretch of which messages are known to be missing: the connection was lost, or the queue dropped them. It is hatched on every time axis, and every export says so.'),
  moment: word('moment', 'The source as it was known then: only messages that had arrived by that time count, as if you had looked at it while it ran.'),
  follow: word('follow', 'A file is read on as it grows, and the stream keeps its newest message in sight. Scrolling up ends the latter.'),
  scope: word('scope', 'What all views are about now: the node chosen in the navigator, the filter, the search and the range of time together.'),
  critical: word('critical path', 'The chain of tasks that the end of the workflow waited for. To shorten the run, one of these has to become shorter.'),
  straggler: word('straggler', 'A task that took far longer than others of its activity.'),
  slack: word('slack', 'By how much a task could have taken longer without the workflow ending later.'),
  wall: word('wall time', 'From the start of the first task in scope to the end of the last: how long one waited.'),
  busy: word('busy time', 'All durations of the tasks in scope added up: more than the wall time where tasks ran side by side.'),
  telemetry: word('telemetry', 'What the machine did while a task ran: CPU, memory, disk, network, GPU, as read at its start and at its end.')
} as const satisfies Record<string, Word>
export type WordId = keyof typeof words

export const wordList: readonly Word[] = Object.values(words).toSorted((a, b) => a.word.localeCompare(b.word, 'en'))

/** Which page of the `?` sheet is open. */
export const sheetPage = create<{ page: 'shortcuts' | 'words' }>()(() => ({ page: 'shortcuts' }))
export function openSheet(page: 'shortcuts' | 'words'): void {
  sheetPage.setState({ page })
  workbench.getState().setDialog('shortcuts')
}

/** What looks like a secret, told before it leaves; never the value itself. */
import type { SecretTreatment } from '#contract/exports'
import type { Session } from './openSession.ts'
import type { Selection } from './selection.ts'
import { printable } from './terminalText.ts'

const shownFields = 10

type Asked = { readonly selection: Selection; readonly secrets: SecretTreatment; readonly isWhole: boolean; readonly note: (text: string) => void }

/** @param isWhole whole records leave, not just the columns chosen */
export async function pointOutSecrets({ ask, source }: Session, { isWhole, note, secrets, selection }: Asked): Promise<void> {
  const { columns, records, scope } = selection
  const narrowed = isWhole || columns === null ? {} : { columns }
  // What a table shows is of its own kind alone; whole tasks take along what they belong to.
  const { fields, total, values } = await ask('exports.secrets', { sourceId: source.sourceId, records, scope, limit: 1000, ...narrowed })
  const leaving = isWhole ? fields : fields.filter((field) => field.records === records)
  const count = isWhole ? total : leaving.length
  if (count === 0) return
  const said = { keep: 'and leave as they are; --secrets replace or leave-out treats them', replace: 'and are replaced', 'leave-out': 'and are left out' }[secrets]
  const all = isWhole ? values : leaving.reduce((sum, field) => sum + field.values, 0)
  note(`${number(all)} ${all === 1 ? 'value' : 'values'} in ${number(count)} ${count === 1 ? 'field' : 'fields'} look like secrets ${said}:`)
  for (const { field, masked, records: of, values: found, why } of leaving.slice(0, shownFields)) note(`  ${printable(`${of} › ${field}`)}  ${printable(masked)}  ${why}${found > 1 ? `, ${number(found)} values` : ''}`)
  if (count > shownFields) note(`  and ${number(count - shownFields)} more fields`)
}

const number = (value: number): string => value.toLocaleString('en')

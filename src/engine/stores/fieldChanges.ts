/** What changes in records that are there already, by field: in how many of them, and from what to what, in bounded memory. */
import { field, isJsonObject, stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import { sameValue } from './mergeInto.ts'
import { isTimeField } from './mongoDocuments.ts'

/** `there` and `after` are the values on either side as text, cut: all of them where they are few, else one. */
export type FieldChange = { readonly field: string; readonly records: number; readonly there: string; readonly after: string }

/** Fields of dicts are told apart until there are so many; from then on, new ones count for their dict. */
const mostFields = 200
/** So many different values are named with how often they are met. */
const mostValues = 3
const longestText = 80

export class FieldChanges {
  private readonly fields = new Map<string, { records: number; readonly there: Values; readonly after: Values }>()

  /** @param shown makes of a value what may be seen of it as an example */
  constructor(private readonly shown: (value: JsonValue, field: string) => JsonValue = (value) => value) {}

  /** @param names of fields that differ */
  add(before: JsonObject, after: JsonObject, names: readonly string[]): void {
    for (const name of names) {
      const [was, becomes] = [field(before, name), field(after, name)]
      const inner = isJsonObject(becomes) && (was === undefined || was === null || isJsonObject(was)) ? innerChanges(was ?? {}, becomes) : []
      const dotted = inner.map(({ key, ...values }) => ({ name: `${name}.${key}`, ...values }))
      const hasRoom = dotted.length > 0 && dotted.every((one) => this.fields.has(one.name) || this.fields.size + dotted.length <= mostFields)
      for (const one of hasRoom ? dotted : [{ name, was, becomes }]) this.count(one.name, one.was, one.becomes)
    }
  }

  /** Those of the most records first. */
  list(): FieldChange[] {
    const all = [...this.fields].map(([name, { after, records, there }]) => ({ field: name, records, there: there.text(records), after: after.text(records) }))
    return all.toSorted((one, other) => other.records - one.records || (one.field < other.field ? -1 : 1)).slice(0, mostFields)
  }

  private count(name: string, was: JsonValue | undefined, becomes: JsonValue | undefined): void {
    let one = this.fields.get(name)
    if (!one) this.fields.set(name, (one = { records: 0, there: new Values(), after: new Values() }))
    one.records++
    one.there.add(this.text(name, was))
    one.after.add(this.text(name, becomes))
  }

  private text(name: string, value: JsonValue | undefined): string {
    if (value === undefined || value === null) return 'null'
    const shown = this.shown(value, name)
    if (typeof shown === 'number' && isTimeField(name) && Math.abs(shown) < 8.64e12) return new Date(shown * 1000).toISOString()
    const text = typeof shown === 'string' ? shown : stringifyJson(shown)
    return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text
  }
}

type Inner = { readonly key: string; readonly was: JsonValue | undefined; readonly becomes: JsonValue | undefined }

function innerChanges(was: JsonValue, becomes: JsonObject): Inner[] {
  return Object.keys(becomes).flatMap((key) => {
    const before = isJsonObject(was) ? field(was, key) : undefined
    return sameValue(before, becomes[key]) ? [] : [{ key, was: before, becomes: becomes[key] }]
  })
}

class Values {
  private readonly counts = new Map<string, number>()
  private isMany = false

  add(text: string): void {
    if (this.isMany) return
    if (this.counts.size === mostValues && !this.counts.has(text)) this.isMany = true
    else this.counts.set(text, (this.counts.get(text) ?? 0) + 1)
  }

  text(records: number): string {
    const all = [...this.counts].toSorted(([, one], [, other]) => other - one)
    if (all.length === 1 || this.isMany || records === all.length) return [...this.counts.keys()][0] ?? ''
    return all.map(([text, count]) => `${text} ${count.toLocaleString('en')}`).join(', ')
  }
}

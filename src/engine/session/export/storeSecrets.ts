/** What has been redacted never takes the place of what a store knows already: the value there is kept. */
import type { SecretTreatment } from '#contract/exports'
import { field, isJsonObject, setField, type JsonObject, type JsonValue } from '#contract/json'
import { sameValue } from '#engine/stores/mergeInto'
import { redacted, treatSecrets } from './secrets.ts'

/** The message with the values of the record that is there, where it has those redacted. */
export function keepKnownSecrets(message: JsonObject, existing: JsonObject, treatment: SecretTreatment): JsonObject {
  return treatment === 'keep' ? message : (kept(message, existing, { treatment, name: '' }) as JsonObject)
}

type Where = { readonly treatment: SecretTreatment; readonly name: string }

/** Copies only what changes. Lists are taken whole: without an element, those behind it have moved. */
function kept(value: JsonValue, there: JsonValue | undefined, { name, treatment }: Where): JsonValue {
  if (there === undefined || there === null || sameValue(value, there)) return value
  if (typeof value === 'string' || Array.isArray(value)) {
    // Whatever is there, it says more than a mark.
    return value === redacted || sameValue(treatSecrets(there, treatment, name).document, value) ? there : value
  }
  if (!isJsonObject(value) || !isJsonObject(there)) return value
  let copy: JsonObject | null = null
  for (const [key, inner] of Object.entries(value)) {
    const found = kept(inner, field(there, key), { treatment, name: name === '' ? key : `${name}.${key}` })
    if (found === inner) continue
    copy ??= { ...value }
    setField(copy, key, found)
  }
  return copy ?? value
}

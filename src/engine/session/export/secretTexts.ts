/** Where in a text a secret stands: tokens by their form, passwords in addresses, options and settings that are called like one. */
import { nameStrength, type NameStrength } from './secretNames.ts'

/** From `from` up to `to`, in UTF-16 units. */
export type SecretPart = { readonly from: number; readonly to: number; readonly why: string; readonly inAddress: boolean }

/** In order, without overlaps. */
export function secretParts(text: string): SecretPart[] {
  if (text.length < 8 || !mayHold.test(text)) return []
  const found = [...addressPasswords(text), ...tokens(text), ...assignments(text)].toSorted((a, b) => a.from - b.from || b.to - a.to)
  const parts: SecretPart[] = []
  for (const part of found) if (part.from >= (parts.at(-1)?.to ?? 0)) parts.push(part)
  return parts
}

/** Whether what stands in a field of such a name is a secret: not a switch, a place, a reference or what has been masked already. */
export function isSecretValue(value: string, strength: NameStrength): boolean {
  const text = value.trim()
  if (text === '' || notOne.test(text) || isPath(text)) return false
  return strength === 'strong' || looksRandom(text)
}

/** One regular expression that most texts are done with: every form below holds one of these. DuckDB understands it too. */
export const mayHold = /pass|pwd|secret|token|key|auth|cred|cookie|jwt|bearer|:\/\/[^\s/]*@|A[KS]IA|gh[pousr]_|github_pat_|gl[a-z]{2,4}-|xox[a-z]-|xapp-|hooks\.slack|sk-|[sr]k_|hf_|AIza|ya29\.|GOCSPX-|npm_|pypi-|dop_v1|SG\.|dapi|eyJ/i

const forms: readonly (readonly [string, RegExp, boolean?])[] = [
  ['private key', /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|$)/g],
  ['key of AWS', /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g],
  ['token of GitHub', /(?<!\w)(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{36,255})(?!\w)/g],
  ['token of GitLab', /(?<!\w)gl(?:pat|dt|rt|ptt|cbt|ft|soat)-[\w-]{20,}/g],
  ['token of Slack', /(?<!\w)xox[abeoprs]-[A-Za-z0-9-]{10,}|(?<!\w)xapp-\d-[A-Za-z0-9-]{10,}|(?<=hooks\.slack\.com\/services\/)T[A-Z0-9]+\/B[A-Z0-9]+\/[A-Za-z0-9]+/g],
  ['key of Anthropic', /(?<![\w-])sk-ant-[\w-]{20,}/g],
  ['key of OpenAI', /(?<![\w-])sk-(?:proj-|svcacct-|admin-)?[\w-]{20,}/g, true],
  ['token of Hugging Face', /(?<!\w)hf_[A-Za-z0-9]{30,}(?!\w)/g],
  ['key of Google', /(?<!\w)AIza[\w-]{35}(?![\w-])|(?<!\w)ya29\.[\w-]{20,}|(?<!\w)GOCSPX-[\w-]{28}/g],
  ['key of Stripe', /(?<!\w)[sr]k_(?:live|test)_[A-Za-z0-9]{16,}/g],
  ['token of a package index', /(?<!\w)npm_[A-Za-z0-9]{36}(?!\w)|(?<!\w)pypi-AgEI[\w-]{50,}/g],
  ['token of a cloud', /(?<!\w)dop_v1_[a-f0-9]{64}(?!\w)|(?<!\w)SG\.[\w-]{22}\.[\w-]{43}|(?<!\w)dapi[a-f0-9]{32}(?!\w)/g],
  ['JSON Web Token', /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]*/g],
  ['token in a header', /(?<=\bbearer\s+)[\w.~+/=-]{16,}/gi, true]
]

function* tokens(text: string): Generator<SecretPart> {
  for (const [why, form, isLoose = false] of forms) {
    for (const match of text.matchAll(form)) {
      if (!isLoose || looksRandom(match[0])) yield { from: match.index, to: match.index + match[0].length, why, inAddress: false }
    }
  }
}

/** Up to the last `@` before the host ends: who writes passwords by hand does not escape theirs. */
const address = /[a-z][a-z0-9+.-]*:\/\/([^\s/?#"'`<>@:]*):([^\s/?#"'`<>]+)@/gi

function* addressPasswords(text: string): Generator<SecretPart> {
  for (const match of text.matchAll(address)) {
    const password = match[2] as string
    const to = match.index + match[0].length - 1
    if (!notOne.test(password)) yield { from: to - password.length, to, why: 'password in URL', inAddress: true }
  }
}

type Assignment = { readonly form: RegExp; readonly why: string; readonly onlyStrong?: boolean; readonly inAddress?: boolean }
/** What is called something, and what follows it: `name` and `value`. */
const written: readonly Assignment[] = [
  { form: /(?<![\w-])--?(?<name>[A-Za-z][\w-]*)=(?<value>"[^"]+"|'[^']+'|[^\s"']+)/g, why: 'option' },
  // A word after it may as well be that of a sentence about the option.
  { form: /(?<![\w-])--(?<name>[A-Za-z][\w-]*)\s+(?![-(<[{])(?<value>"[^"]+"|'[^']+'|[A-Za-z]*[^\sA-Za-z"'.,;:]\S*)/g, why: 'option' },
  { form: /(?<!\w)(?<name>[A-Z][A-Z0-9_]*)=(?<value>"[^"\n]+"|'[^'\n]+'|[^\s"';]+)/g, why: 'variable' },
  { form: /(?<=[?&])(?<name>[\w.-]+)=(?<value>[^\s&#"'<>]+)/g, why: 'parameter of a URL', inAddress: true },
  { form: /(?<=^|;)\s*(?<name>[A-Za-z][A-Za-z ]*)=(?<value>[^;"'\n]+)(?=;|$)/g, why: 'connection string', onlyStrong: true },
  { form: /\b(?<name>[A-Za-z][\w-]*)\s*=\s*(?<value>"[^"\n]+"|'[^'\n]+')/g, why: 'name in a text', onlyStrong: true },
  { form: /["'](?<name>[A-Za-z][\w.-]*)\\?["']\s*:\s*(?<value>\\"[^"\\\n]+|"[^"\n]+"|'[^'\n]+')/g, why: 'name in a text' }
]

function* assignments(text: string): Generator<SecretPart> {
  for (const { form, inAddress = false, onlyStrong = false, why } of written) {
    for (const match of text.matchAll(form)) {
      const { name = '', value = '' } = match.groups ?? {}
      const strength = nameStrength(name)
      if (strength === null || (onlyStrong && strength !== 'strong')) continue
      const bare = value.replace(/^\\?["']/, '').replace(/["']$/, '')
      if (!isSecretValue(bare, strength)) continue
      const from = match.index + match[0].lastIndexOf(value) + value.indexOf(bare)
      yield { from, to: from + bare.length, why, inAddress }
    }
  }
}

/** Switches, nothing, what has been masked, and references to where it is. */
const notOne = /^(?:true|false|yes|no|on|off|none|null|nil|nan|undefined|required|optional|missing|unset|empty|n\/a|-+|[*•·.]+|x{3,}|[[<({]?(?:redacted|hidden|masked|secret|removed)[\])}>]?|<[^<>]*>|\$\{?\w+\}?|\$\(.*\)|\{\{.*\}\}|\{\w*\}|%\(?\w+\)?[s%]?|%[sd]|(?:vault|env|file|arn|ssm|keyring|op):\S*)$/i

/** A place where a secret may lie. Random characters may hold a slash too. */
function isPath(text: string): boolean {
  if (!/^(?:~|\.{1,2}|[A-Za-z]:)?[/\\]/.test(text)) return false
  const parts = text.split(/[/\\]/).filter((part) => part !== '')
  return parts.length > 1 && !parts.some((part) => part.length > 24 && looksRandom(part) && !/[.-]/.test(part))
}

/** No word, number, date or plain name of something: long, of several kinds of characters, and unlike itself. */
function looksRandom(text: string): boolean {
  if (text.length < 8 || /\s/.test(text)) return false
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].map((kind) => kind.test(text))
  if (!kinds[2] || (!kinds[0] && !kinds[1])) return false
  return (kinds.every(Boolean) || text.length >= 16) && entropyBits(text) >= 2.8
}

/** Of a character, by how often each occurs. */
function entropyBits(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

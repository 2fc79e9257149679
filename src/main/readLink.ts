/** What a `provscope://` link asks for, read with care: anybody may have written it. */
import { isAbsolute } from 'node:path'
import { isGlob } from '#engine/sources/glob'
import { linkScheme } from './linkScheme.ts'

/** A view of the largest size, with every sign of it escaped. */
const longestLink = 800_000
const longestPath = 4096

/** What a link asks for, or why it asks for nothing that is done. */
export function readLink(link: string): { view: string } | { path: string } | { why: string } {
  const url = link.length > longestLink ? null : URL.parse(link)
  if (url === null || url.protocol !== `${linkScheme}:`) return { why: 'It is no address of Provscope.' }
  if (url.host === 'view') return { view: link }
  if (url.host !== 'open') return { why: 'Links of Provscope show a view (provscope://view) or open a file (provscope://open).' }
  const path = url.searchParams.get('path') ?? ''
  const mistake = pathMistake(path)
  return mistake === null ? { path } : { why: mistake }
}

/** A path that shows as what it is, names one thing of this machine, and reaches for no other. */
function pathMistake(path: string): string | null {
  if (path === '') return 'It names no file.'
  if (path.length > longestPath) return 'Its path is too long.'
  // Signs that are not seen, or turn what follows around, would have the person agree to another path than the one shown.
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(path)) return 'Its path has signs that cannot be seen.'
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) return 'It names an address, not a file.'
  if (/^(\\\\|\/\/)/.test(path)) return 'It names a file of another machine.'
  if (!isAbsolute(path)) return 'Its path is not absolute.'
  if (path.split(/[\\/]/).includes('..')) return 'Its path leads back up.'
  return isGlob(path) ? 'It names many files at once.' : null
}

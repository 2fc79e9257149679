/** A small glob: `*`, `?`, `[a-z]`, `{a,b}` within a name, and `**` for any depth of folders. */
import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { isAbsolute, join, parse, resolve, sep } from 'node:path'

const magic = /[*?[\]{}]/

export function isGlob(pattern: string): boolean {
  return magic.test(pattern)
}

/** Paths that match, in no order; folders that cannot be read match nothing. Hidden names match only a pattern that names the dot. */
export async function glob(pattern: string, folder: string): Promise<string[]> {
  const found = new Set<string>()
  for (const plain of braces(sep === '\\' ? pattern.replaceAll('\\', '/') : pattern)) {
    const { root } = parse(plain)
    const parts = plain.slice(root.length).split('/').filter((part) => part !== '')
    for (const path of await walk(isAbsolute(plain) ? root : resolve(folder), parts)) found.add(path)
  }
  return [...found]
}

async function walk(folder: string, parts: readonly string[]): Promise<string[]> {
  const [part, ...rest] = parts
  if (part === undefined) return []
  if (part !== '**' && !magic.test(part)) return rest.length === 0 ? exists(folder, part) : walk(join(folder, part), rest)
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => [])
  const found: string[] = part === '**' ? await walk(folder, rest) : []
  const matches = part === '**' ? null : nameMatcher(part)
  for (const entry of entries) {
    const path = join(folder, entry.name)
    // Links to folders are not followed by `**`: they may lead back.
    const enters = entry.isDirectory() || (matches !== null && entry.isSymbolicLink())
    if (matches === null) {
      if (enters && !entry.name.startsWith('.')) found.push(...(await walk(path, parts)))
    } else if (matches(entry.name)) {
      if (rest.length === 0) found.push(path)
      else if (enters) found.push(...(await walk(path, rest)))
    }
  }
  return found
}

async function exists(folder: string, name: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => [])
  return name === '.' || name === '..' || names.includes(name) ? [join(folder, name)] : []
}

function nameMatcher(part: string): (name: string) => boolean {
  let source = ''
  for (let i = 0; i < part.length; i++) {
    const char = part.charAt(i)
    const end = char === '[' ? part.indexOf(']', i + 2) : -1
    if (char === '*') source += '.*'
    else if (char === '?') source += '.'
    else if (end > 0) {
      const inside = part.slice(i + 1, end)
      source += `[${inside.replace(/^[!^]/, '^').replace(/[\\[\]]/g, '\\$&')}]`
      i = end
    } else source += char.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  }
  const expression = compile(source, part)
  return (name) => expression.test(name) && (!name.startsWith('.') || part.startsWith('.'))
}

/** A class such as `[z-a]` is no expression: then the name stands for itself. */
function compile(source: string, part: string): RegExp {
  try {
    return new RegExp(`^${source}$`, 'su')
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return new RegExp(`^${part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`, 'su')
  }
}

/** `a{b,c}d` → `abd`, `acd`; nested and unclosed braces as they come. */
function braces(pattern: string): string[] {
  const open = pattern.indexOf('{')
  if (open < 0) return [pattern]
  const choices: string[] = []
  let depth = 0
  let start = open + 1
  for (let i = open; i < pattern.length; i++) {
    const char = pattern.charAt(i)
    if (char === '{') depth++
    else if (char === ',' && depth === 1) {
      choices.push(pattern.slice(start, i))
      start = i + 1
    } else if (char === '}' && --depth === 0) {
      choices.push(pattern.slice(start, i))
      const head = pattern.slice(0, open)
      return choices.flatMap((choice) => braces(`${head}${choice}${pattern.slice(i + 1)}`))
    }
  }
  return [pattern]
}

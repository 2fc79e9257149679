/** The view as a command line of Provscope's own. */
import { passwordVariable } from './pymongoCode.ts'
import { powershellWord, quotableJson, shellWord } from './shellText.ts'
import { type SnippetView, Unsayable } from './snippetView.ts'

export function provscopeCode(view: SnippetView, scope: { readonly filter: Readonly<Record<string, unknown>>; readonly search: string }): { code: string; notes: string[] } {
  const { at, columns, records, sort, source } = view
  if (source.kind === 'passing') throw new Unsayable(source.why)
  if (at !== null) throw new Unsayable('The command line knows no moments of a source: go back to the present to copy the code.')
  const names = source.kind === 'files' ? source.named : [source.kind === 'lmdb' ? source.path : source.address]
  const words = [
    'provscope', 'query', ...names,
    ...(records === 'tasks' ? [] : ['--records', records]),
    ...(Object.keys(scope.filter).length === 0 ? [] : ['--filter', quotableJson(scope.filter)]),
    ...(scope.search.trim() === '' ? [] : ['--search', scope.search]),
    ...(sort.length === 0 ? [] : ['--sort', listed(sort.map(({ column, descending }) => `${column}:${descending ? 'desc' : 'asc'}`))]),
    ...(columns.length === 0 ? [] : ['--columns', listed(columns)]),
    '--format', 'jsonl'
  ]
  const code = `${words.map(shellWord).join(' ')}\n`
  const powershell = `${words.map(powershellWord).join(' ')}\n`
  const notes = ['In PowerShell from 7.3 on; earlier ones drop the double quotes of arguments.']
  if (powershell !== code) notes.unshift(`In PowerShell: ${powershell.trimEnd()}`)
  if (source.kind === 'mongodb' && source.hasPassword) notes.unshift(`The password is read from the environment variable ${passwordVariable}.`)
  if (columns.some((name) => view.facts(name).nan)) notes.push('NaN and infinities are null in JSON.')
  return { code, notes }
}

/** Names between commas, or, where one has what separates them, as JSON. */
function listed(names: readonly string[]): string {
  return names.some((name) => /[,'\u2018-\u201b]|^\s*\[|^\s|\s$|^$/.test(name)) ? quotableJson(names) : names.join(',')
}

/** What the engine runs on, and where it keeps what it keeps. */
import { arch, release, type } from 'node:os'
import { join } from 'node:path'
import { version as duckdbVersion } from '@duckdb/node-api'
import type { Handlers } from '#contract/dispatch'
import type { Services } from '../handlers.ts'

export function aboutHandlers({ info, prefs, tempFolder }: Services) {
  return {
    'about.info': () => ({
      versions: [{ name: 'DuckDB', version: duckdbVersion() }, ...runtimes(), { name: 'System', version: `${type()} ${release()} ${arch()}` }],
      folders: [
        { what: 'Settings', path: prefs.path },
        { what: 'Saved views', path: join(prefs.path, '..', 'views.json') },
        { what: info().host === 'desktop' ? 'Tables while sources are open' : 'Tables while the server runs', path: tempFolder }
      ]
    })
  } satisfies Partial<Handlers>
}

function runtimes(): { name: string; version: string }[] {
  const { electron, chrome, node, v8 } = process.versions as Record<string, string | undefined>
  return [['Electron', electron], ['Chromium', chrome], ['Node', node], ['V8', v8]].flatMap(([name, version]) => (name !== undefined && version !== undefined ? [{ name, version }] : []))
}

/** Where this installation's own files lie. Works from the built files (out/main) and from the sources (src/hosting) alike. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** The folder of package.json: two up from out/main and from src/hosting. */
export const installationFolder = resolve(import.meta.dirname, '..', '..')
/** The built page. */
export const pageFolder = resolve(installationFolder, 'out', 'renderer')

export const version = readVersion()

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(resolve(installationFolder, 'package.json'), 'utf8'))
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) throw new Error('package.json has no version')
  return String(manifest.version)
}

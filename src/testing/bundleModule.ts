/** A TypeScript module of the engine as a file that Node runs as it is, for tests that start (and kill) processes. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '../..')

/** Packages stay outside, so the file lies where Node finds them. Returns its path. */
export async function bundleModule(entry: string, name: string): Promise<string> {
  const outDir = join(root, 'node_modules/.cache/provscope/bundles', `${process.pid}-${name}`)
  mkdirSync(outDir, { recursive: true })
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { external: true },
    build: { ssr: entry, outDir, emptyOutDir: true, minify: false, target: 'node20', rolldownOptions: { output: { entryFileNames: 'module.mjs' } } }
  })
  return join(outDir, 'module.mjs')
}

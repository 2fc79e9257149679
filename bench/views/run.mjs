#!/usr/bin/env node
/** `node bench/views/run.mjs NAME FILE.jsonl`: builds bench/views/NAME.ts and runs it on a buffer; it prints its times as JSON. */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { build } from 'vite'

const [name, file] = process.argv.slice(2)
if (name === undefined || file === undefined) {
  process.stderr.write('Usage: node bench/views/run.mjs NAME FILE.jsonl\n')
  process.exit(2)
}
const root = resolve(import.meta.dirname, '../..')
const out = resolve(root, `node_modules/.bench-${name}`)
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    outDir: out,
    emptyOutDir: true,
    ssr: true,
    target: 'node20',
    rollupOptions: {
      input: { [name]: resolve(root, `bench/views/${name}.ts`), readerWorker: resolve(root, 'src/engine/session/load/readerWorker.ts') },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name].js' }
    }
  }
})
process.exit(spawnSync(process.execPath, [resolve(out, `${name}.js`), resolve(file)], { stdio: 'inherit' }).status ?? 1)

#!/usr/bin/env node
/** `node bench/views/run.mjs NAME FILE.jsonl`: builds bench/views/NAME.ts and runs it on a buffer; it prints its times as JSON. */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { bundle } from '../bundle.mjs'

const [name, file] = process.argv.slice(2)
if (name === undefined || file === undefined) {
  process.stderr.write('Usage: node bench/views/run.mjs NAME FILE.jsonl\n')
  process.exit(2)
}
const out = await bundle(name, { [name]: `bench/views/${name}.ts`, readerWorker: 'src/engine/session/load/readerWorker.ts' })
process.exit(spawnSync(process.execPath, [resolve(out, `${name}.js`), resolve(file)], { stdio: 'inherit' }).status ?? 1)

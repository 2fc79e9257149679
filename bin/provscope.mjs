#!/usr/bin/env node
/** `provscope`: the command line, built first where this is a checkout that has not been. */
import { ensureBuilt } from './build.mjs'
import { tooOld } from './nodeVersion.mjs'

const sentence = tooOld()
if (sentence !== null) {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 1
} else if (ensureBuilt()) {
  await import('../out/main/cli.js')
} else {
  process.exitCode = 1
}

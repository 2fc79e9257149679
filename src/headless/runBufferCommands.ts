/** The commands that tend buffer files, from their flags to what they print. */
import { statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { findBuffers } from '#engine/session/buffers/bufferFiles'
import { consolidate, type Consolidation } from '#engine/session/buffers/consolidate'
import { deletableBuffers, deleteBuffers } from '#engine/session/buffers/deleteBuffers'
import { flowceptSettings } from '#engine/session/live/liveSettings'
import type { BufferCommands } from './bufferCommandLine.ts'
import type { Output } from './output.ts'
import { progressLine } from './progress.ts'
import { printable } from './terminalText.ts'
import { WrongUse } from './wrongUse.ts'

export type BufferContext = {
  readonly output: Output
  readonly note: (text: string) => void
  readonly signal: AbortSignal
  /** Something was left: the exit code is to say so. */
  readonly onMissing: () => void
  /** Asks a yes or no on the terminal; null where there is none. */
  readonly ask?: ((question: string) => Promise<boolean>) | null
}

export function runBufferCommands({ ask = terminalAsk(), note, onMissing, output, signal }: BufferContext): BufferCommands {
  return {
    bufferList: async (named, { json }) => {
      const { base, folder } = place(named, note)
      const { runs, unclear } = await findBuffers(base, signal)
      if (json === true) return await output.write(`${JSON.stringify({ base, runs: runs.map(({ files, joined, target, workflowId }) => ({ workflowId, target: join(folder, target), joined, files })), unclear }, null, 2)}\n`)
      for (const { files, joined, target, workflowId } of runs) {
        await output.write(`${printable(workflowId)}\n${[...(joined ? [joined] : []), ...files].map((file) => `  ${fileText(file)}${file.name === target ? ' (joined)' : ''}\n`).join('')}`)
      }
      for (const { name, why } of unclear) note(`${printable(name)} is left alone: ${why}`)
      if (runs.length === 0) note(`There are no split buffers beside ${printable(base)}.`)
    },

    bufferConsolidate: async (named, { cleanup = false, dryRun = false, json, to, workflowId }) => {
      const { base } = place(named, note)
      if (to === '') throw new WrongUse('--to names no file')
      const progress = progressLine(process.stderr)
      const done = await consolidate({ base, workflowId, to, cleanup, dryRun, signal, onProgress: (lines, total) => progress.show(`${number(lines)} of ${number(total)} lines`) }).finally(() => progress.end())
      if (json === true) await output.write(`${JSON.stringify(done, null, 2)}\n`)
      else await output.write(consolidationText(done, { dryRun, cleanup }))
      for (const { kept, name } of done.files) if (kept !== null) note(`${printable(name)} was not deleted. ${kept}`)
      for (const { isCutShort, name } of done.files) if (isCutShort) note(`The last line of ${printable(name)} is cut short; it is kept as it is.`)
      for (const { name, why } of done.unclear) note(`${printable(name)} is left alone: ${why}`)
      if (done.files.some(({ isCutShort, kept }) => kept !== null || isCutShort)) onMissing()
    },

    bufferDelete: async (paths, { dryRun = false, yes = false }) => {
      const named = paths.length > 0 ? paths.map((path) => resolve(path)) : [settledPath(note)]
      const found = await deletableBuffers(named)
      for (const { path, sizeBytes } of found) await output.write(`${printable(path)}  ${bytes(sizeBytes)}\n`)
      if (dryRun) return note(`${number(found.length)} ${found.length === 1 ? 'file' : 'files'} would be deleted.`)
      if (!yes && ask === null) throw new WrongUse('there is no terminal to ask on: --yes deletes without')
      if (!yes && ask !== null && !(await ask(`Delete ${found.length === 1 ? 'this file' : `these ${found.length} files`}?`))) return note('Nothing was deleted.')
      const left = await deleteBuffers(found)
      for (const { path, why } of left) note(`${printable(path)} was not deleted. ${why}`)
      note(`${number(found.length - left.length)} deleted.`)
      if (left.length > 0) onMissing()
    }
  }
}

/** A folder stands for the buffer that is in it by the name of the settings. */
function place(named: string | undefined, note: (text: string) => void): { base: string; folder: string } {
  const base = named === undefined ? settledPath(note) : isFolder(named) ? join(resolve(named), basename(flowceptSettings().dumpBuffer.path)) : resolve(named)
  return { base, folder: resolve(base, '..') }
}

function settledPath(note: (text: string) => void): string {
  const path = resolve(flowceptSettings().dumpBuffer.path)
  note(`${path}, as Flowcept's settings have it.`)
  return path
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

function consolidationText({ added, already, files, lines, repeated, target, written }: Consolidation, { cleanup, dryRun }: { cleanup: boolean; dryRun: boolean }): string {
  const told = [
    ...files.map((file) => `${fileText(file)}${file.deleted ? ', deleted' : dryRun && cleanup ? ', would be deleted' : ''}`),
    `${printable(target)}: ${number(lines)} lines${dryRun ? ' it would be' : ''}, ${number(added)} of them new`,
    ...(already > 0 ? [`${number(already)} lines were in it already`] : []),
    ...(repeated > 0 ? [`${number(repeated)} lines are there more than once, as they were written`] : []),
    dryRun ? 'nothing was changed' : written ? 'written, read back, and the same' : 'nothing new: left as it was, read back, and complete'
  ]
  return told.map((line) => `${line}\n`).join('')
}

const fileText = ({ isCutShort, lines, name, sizeBytes }: { name: string; lines: number; sizeBytes: number; isCutShort: boolean }): string => `${printable(name)}  ${number(lines)} ${lines === 1 ? 'line' : 'lines'}, ${bytes(sizeBytes)}${isCutShort ? ', the last cut short' : ''}`

function terminalAsk(): ((question: string) => Promise<boolean>) | null {
  if (!process.stdin.isTTY) return null
  return async (question) => {
    const line = createInterface({ input: process.stdin, output: process.stderr })
    try {
      return /^y(es)?$/i.test((await line.question(`${question} [y/N] `)).trim())
    } finally {
      line.close()
    }
  }
}

const number = (value: number): string => value.toLocaleString('en')
const bytes = (value: number): string => (value < 1000 ? `${value} B` : value < 1e6 ? `${(value / 1e3).toFixed(1)} kB` : value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(2)} GB`)

/** Takes the messages of a frame log to stores: in a worker of its own where the built script of one lies beside this module, in this thread elsewhere. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { recordInWorker } from './recordInWorker.ts'
import { runRecording } from './recordingRun.ts'
import type { StartRecording } from './recordingState.ts'

const script = join(import.meta.dirname, 'recordingWorker.js')

/** Start it before the intake, so that no frame is done with before its cursors are there. */
export const startRecording: StartRecording = async (spec) => (existsSync(script) ? await recordInWorker(spec, script) : await runRecording(spec))

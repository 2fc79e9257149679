/** Consolidates, and kills itself right before the n-th step that changes something. */
import { consolidate } from '../engine/session/buffers/consolidate.ts'

const [base = '', workflowId = '', at = '0'] = process.argv.slice(2)
let steps = 0
const beforeStep = (): void => {
  if (steps++ === Number(at)) process.kill(process.pid, 'SIGKILL')
}
await consolidate({ base, workflowId, cleanup: true, beforeStep })
process.stdout.write('done\n')

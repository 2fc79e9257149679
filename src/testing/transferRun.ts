/** Runs `provscope transfer` with the process's arguments, to be killed by a test. */
import { transferStores } from '../headless/transferStores.ts'

const [source = '', target = ''] = process.argv.slice(2)
const never = new AbortController().signal
await transferStores(
  { source, target, flags: {} },
  { output: { write: async (text) => void process.stdout.write(text), closed: never }, say: (text) => void process.stderr.write(text), signal: never, onMissing: () => (process.exitCode = 1) }
)

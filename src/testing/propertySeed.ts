/** A change is judged on the same generated cases as the one before it; on people's machines each run tries others. */
import fc from 'fast-check'

// Tests of the page know no Node types.
const { process } = globalThis as { process?: { env: Record<string, string | undefined> } }
if (process?.env['CI'] === 'true') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20260720 })

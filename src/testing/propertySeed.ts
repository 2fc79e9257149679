/** A change is judged on the same generated cases as the one before it; on people's machines each run tries others. */
import fc from 'fast-check'

if (process.env['CI'] === 'true') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20260720 })

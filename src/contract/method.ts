/** A row of the table of methods. */
import type { z } from 'zod'

/** Who may call: `page` methods come from a renderer or over HTTP, `host` methods only from the hosting process. */
export type Audience = 'page' | 'host'

export function method<P extends z.ZodType, R extends z.ZodType>(params: P, result: R, audience: Audience = 'page') {
  return { params, result, audience }
}

/** The list of what Provscope is made of, as the build laid it beside the page; and what to send along when something went wrong. */
import { z } from 'zod'
import type { Result } from '#contract/methods'

const aboutSchema = z.object({
  version: z.string(),
  commit: z.string().nullable(),
  texts: z.array(z.string()),
  packages: z.array(z.object({ name: z.string(), version: z.string(), licence: z.string(), where: z.string(), home: z.string().nullable(), text: z.number().int().nullable() }))
})
export type About = z.infer<typeof aboutSchema>

/** Null where the page was not built, as in development. */
export async function loadAbout(): Promise<About | null> {
  const response = await fetch('./about.json').catch(() => null)
  if (!response?.ok || !(response.headers.get('content-type') ?? '').startsWith('application/json')) return null
  return aboutSchema.safeParse(await response.json()).data ?? null
}

type Told = { about: About | null; host: Result<'host.info'> | null; info: Result<'about.info'> | null; page: string }

/** No folder, no name of a machine, nothing of what is open. */
export function diagnostics({ about, host, info, page }: Told): string {
  const lines = [
    `Provscope ${host?.version ?? about?.version ?? 'unknown'}${about?.commit ? ` (${about.commit})` : ''}, ${host?.host ?? 'no host'}`,
    ...(info?.versions ?? []).map(({ name, version }) => `${name}: ${version}`),
    ...(host ? [`Memory: ${Math.round(host.memory.usedBytes / 1e6)} of ${Math.round(host.memory.limitBytes / 1e6)} MB`] : []),
    `Page: ${page}`
  ]
  return `${lines.join('\n')}\n`
}

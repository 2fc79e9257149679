/** One-time addresses for downloads: a browser that follows a link cannot send the token along. */
import type { ExportPart } from '#contract/exports'
import { randomBytes } from 'node:crypto'
import type { HostHandlers } from '#contract/dispatch'

const lifeMs = 60_000
const capacity = 1000

export class Tickets {
  readonly #open = new Map<string, { exportId: string; until: number }>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  issue(exportId: string): string {
    const oldest = this.#open.keys().next().value
    if (this.#open.size >= capacity && oldest !== undefined) this.#open.delete(oldest)
    const ticket = randomBytes(24).toString('base64url')
    this.#open.set(ticket, { exportId, until: this.#now() + lifeMs })
    return ticket
  }

  /** True once for each ticket, if it was issued for this export within the last minute. */
  redeem(ticket: string, exportId: string): boolean {
    const known = this.#open.get(ticket)
    this.#open.delete(ticket)
    return known !== undefined && known.exportId === exportId && known.until >= this.#now()
  }
}

export function ticketHandlers(tickets: Tickets): HostHandlers {
  return { 'exports.ticket': ({ exportId, part }) => ({ url: `/exports/${encodeURIComponent(exportId)}?${part === 'file' ? '' : `part=${part}&`}ticket=${tickets.issue(downloadOf(exportId, part))}` }) }
}

/** What a ticket is for: the export, or a file beside it. */
export const downloadOf = (exportId: string, part: ExportPart): string => (part === 'file' ? exportId : `${exportId} ${part}`)

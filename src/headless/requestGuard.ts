/** Who may speak to the server: pages it served itself, on this machine, that hold the token. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export type Refused = { status: number; message: string }

/**
 * A foreign Host means that a name was bent to this address (DNS rebinding); a foreign Origin that another site's page
 * is calling. Any port will do: through an ssh tunnel the browser sees another one than ours.
 */
export function refuseForeign({ headers }: IncomingMessage): Refused | null {
  const host = headers.host ?? ''
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i.test(host)) return { status: 421, message: 'This server answers to 127.0.0.1 and localhost only.' }
  if (headers.origin !== undefined && headers.origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    return { status: 403, message: 'Pages of other sites may not call this server.' }
  }
  return null
}

export function refuseStranger({ headers }: IncomingMessage, token: string): Refused | null {
  const given = /^Bearer ([\w-]{1,200})$/.exec(headers.authorization ?? '')?.[1]
  if (given === undefined) return { status: 401, message: 'The token is missing. Open the address that the server printed.' }
  return equal(given, token) ? null : { status: 401, message: 'The token is not this server’s. Open the address that the server printed.' }
}

/** Takes the same time wherever the two differ. */
function equal(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(left), digest(right))
}

/** The page's own scheme: serves the built page and nothing else, with its policy. */
import { readFile } from 'node:fs/promises'
import { type CustomScheme, protocol } from 'electron'
import { pageFile, securityHeaders } from '#hosting/page'

const scheme = 'provscope-app'
const origin = `${scheme}://page`
export const pageUrl = `${origin}/index.html`
/** Shown when the page has crashed too often: no script of ours, only a way back. */
export const stoppedUrl = `${origin}/stopped`
/** Shown while the app ends and something has still to be written. */
export const finishingUrl = `${origin}/finishing`

/** Has to be told before the app is ready. */
export const schemePrivileges: CustomScheme[] = [{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]

export const isOwnUrl = (url: string): boolean => {
  const parsed = URL.parse(url)
  return parsed !== null && parsed.protocol === `${scheme}:` && parsed.host === 'page'
}

export function servePage(folder: string): void {
  protocol.handle(scheme, (request) => answer(request, folder))
}

async function answer(request: Request, folder: string): Promise<Response> {
  if (!isOwnUrl(request.url)) return failure(404, 'There is no such page.')
  if (request.method !== 'GET' && request.method !== 'HEAD') return failure(405, 'Pages can only be read.')
  // The parsed address has its dots resolved already: what was really asked for decides.
  const pathname = request.url.slice(origin.length).split(/[?#]/)[0] || '/'
  const own = ownPages[pathname]
  if (own !== undefined) return new Response(own, { headers: { ...securityHeaders, 'content-type': 'text/html; charset=utf-8' } })
  const file = pageFile(folder, pathname)
  if (file === null) return failure(404, 'There is no such page.')
  try {
    return new Response(await readFile(file.path), { headers: file.headers })
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')
    if (!missing) throw error
    return failure(404, pathname === '/index.html' ? 'The page has not been built: run "npm run build".' : 'There is no such page.')
  }
}

const failure = (status: number, text: string): Response => new Response(text, { status, headers: { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' } })

const html = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${body}
`

const ownPages: Partial<Record<string, string>> = {
  '/stopped': html(
    'Provscope',
    `<h1>The page stopped several times in a row</h1>
<p>What is open is still there; the window that shows it could not be kept running.</p>
<p><a href="${pageUrl}">Load it again</a></p>`
  ),
  '/finishing': html(
    'Finishing the recording – Provscope',
    `<h3>Finishing the recording</h3>
<p>What has arrived is being written. This window closes by itself when that is done.</p>
<p>Closing it ends Provscope at once: what is not written yet stays on disk, and is written when the same queue is recorded to the same place again.</p>`
  )
}

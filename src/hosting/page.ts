/** The built page as every host serves it: which file answers which path, and with which headers. */
import { extname, join, normalize, sep } from 'node:path'

/** Nothing but the page’s own files: no inline script or style, no eval, no other host. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json'
}

export type PageFile = { path: string; headers: Record<string, string> }

/**
 * @param root absolute folder of the built page
 * @param pathname still percent-encoded, as it stands in the address
 * @returns null for what cannot be a file of the page: other types, and anything that leads out of `root`
 */
export function pageFile(root: string, pathname: string): PageFile | null {
  const relative = decoded(pathname)
  if (relative === null) return null
  const path = normalize(join(root, relative === '/' ? 'index.html' : relative))
  if (!path.startsWith(root + sep)) return null
  const type = types[extname(path).toLowerCase()]
  if (type === undefined) return null
  return { path, headers: { 'content-type': type, 'cache-control': caching(relative), ...securityHeaders } }
}

/** Sent with everything, errors included. */
export const securityHeaders: Record<string, string> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), payment=()'
}

function decoded(pathname: string): string | null {
  try {
    const text = decodeURIComponent(pathname)
    // Backslashes separate folders on Windows, and no file of the page has one.
    return text.startsWith('/') && !/[\0\\]/.test(text) && !text.split('/').includes('..') ? text : null
  } catch {
    return null
  }
}

/** Only names that carry a hash of their content may be kept for ever. */
const caching = (pathname: string): string =>
  /^\/assets\/.+-[\w-]{8}\.\w+$/.test(pathname) ? 'public, max-age=31536000, immutable' : 'no-cache'

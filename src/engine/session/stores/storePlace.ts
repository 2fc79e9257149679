/** Where a store is, as a person names it: a folder with LMDB's file in it, or a MongoDB URI, of which the password is kept apart. */
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Refusal } from '#contract/reply'

export type StorePlace =
  | { readonly type: 'lmdb'; readonly path: string }
  /** `uri` has the password; `address` has none, and is what is shown and remembered. */
  | { readonly type: 'mongodb'; readonly uri: string; readonly address: string }

const scheme = /^mongodb(?:\+srv)?:\/\//i
/** What stands between the scheme and the last `@` before the path, since people forget to escape those in their passwords. */
const parts = /^(mongodb(?:\+srv)?:\/\/)(?:([^/?#]*)@)?([^/?#]*)(.*)$/is

export function isMongoUri(name: string): boolean {
  return scheme.test(name)
}

/** Null for the name of anything but a store. @param name absolute where it is a path */
export function storePlace(name: string): StorePlace | null {
  if (isMongoUri(name)) return mongoPlace(name)
  return existsSync(join(name, 'data.mdb')) ? { type: 'lmdb', path: name } : null
}

/**
 * @param password takes the place of one in the URI
 * @throws Refusal for what is no MongoDB URI
 */
export function mongoPlace(uri: string, password?: string): StorePlace & { type: 'mongodb' } {
  const [, start, user, hosts, rest = ''] = parts.exec(uri.trim()) ?? []
  if (start === undefined || hosts === undefined || hosts === '') throw new Refusal('bad-request', 'A MongoDB URI begins with mongodb:// or mongodb+srv:// and names a host, as in mongodb://localhost:27017/flowcept.')
  const name = user?.split(':', 1)[0] ?? ''
  const own = user?.includes(':') === true ? user.slice(name.length + 1) : undefined
  const address = `${start}${name === '' ? '' : `${name}@`}${hosts}${withoutSecrets(rest)}`
  const secret = password !== undefined && password !== '' ? encodeURIComponent(password) : own === undefined ? undefined : escaped(own)
  if (name === '' || secret === undefined) return { type: 'mongodb', uri: `${start}${name === '' ? '' : `${name}@`}${hosts}${rest}`, address }
  return { type: 'mongodb', uri: `${start}${name}:${secret}@${hosts}${rest}`, address }
}

/** What it is known by, and opened again by. */
export function placeName(place: StorePlace): string {
  return place.type === 'lmdb' ? place.path : place.address
}

/** For a list: the folder's name, or the database and where it is. */
export function placeTitle(place: StorePlace): string {
  if (place.type === 'lmdb') return `${basename(place.path) || place.path}/`
  const [, , , hosts = '', rest = ''] = parts.exec(place.address) ?? []
  const database = /^\/([^?]+)/.exec(rest)?.[1] ?? 'flowcept'
  return `${database} on ${hosts}`
}

/** Options may hold secrets of their own: the password of a key, a token. */
function withoutSecrets(rest: string): string {
  return rest.replaceAll(/([?&](?:tlsCertificateKeyFilePassword|proxyPassword|authMechanismProperties)=)[^&]*/gi, '$1***')
}

/** As a URI has it: escaped already, or with characters that should have been. */
function escaped(secret: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(secret))
  } catch {
    // A lone percent sign stands for itself.
    return encodeURIComponent(secret)
  }
}

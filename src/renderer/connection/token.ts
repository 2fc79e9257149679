/** The served mode's key: taken from the address once, kept for this tab, and removed from what the address bar shows. */

const storageKey = 'provscope.token'

export function token(): string {
  const url = new URL(location.href)
  const given = url.searchParams.get('token')
  if (given !== null) {
    sessionStorage.setItem(storageKey, given)
    url.searchParams.delete('token')
    history.replaceState(history.state, '', url)
  }
  return sessionStorage.getItem(storageKey) ?? ''
}

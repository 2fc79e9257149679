/** A name that somebody else gave, made fit for a file of ours. */

/** The last part of whatever path was named, without what file systems refuse; `fallback` if nothing is left. */
export function fileName(name: string, fallback: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  const plain = last.replace(/[\u0000-\u001f\u007f<>:"|?*]/g, '_').replace(/^\.+/, '')
  const kept = Buffer.byteLength(plain) <= 200 ? plain : Buffer.from(plain).subarray(-200).toString('utf8').replace(/^\ufffd+/, '')
  return kept === '' ? fallback : kept
}

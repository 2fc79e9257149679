/** How long it takes from the publisher's write to the browser's picture: a page of the served mode, looked at in every frame. */
import { chromium } from '@playwright/test'
import { findChromium } from '../../bin/chromium.mjs'
import { publish, settled, sleep } from './rig.mjs'
import { startServed } from './served.mjs'

/** @returns {Promise<{ counted: Latency, rows: Latency }>} until it is counted in the status bar; until its row stands in the Stream, of those whose row was there in some frame */
export async function measurePixels({ folder, port, rate, seconds, bytes }) {
  const served = await startServed(folder)
  const browser = await chromium.launch({ executablePath: await findChromium(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
  try {
    const sourceId = await served.attach({ url: `redis://127.0.0.1:${port}/0/pixels` })
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
    const url = new URL(served.url)
    url.hash = `#/stream?source=${sourceId}&records=messages`
    await page.goto(url.href)
    await page.getByRole('tab', { name: 'Stream' }).waitFor()
    await sleep(1500)
    await page.evaluate(watchFrames)
    const count = rate * seconds
    const { batches } = await publish({ port, channel: 'pixels', count, rate, bytes })
    await settled(() => page.evaluate(() => globalThis.seen.counts.at(-1)?.[0] ?? 0), (shown) => shown >= count, 5000, 60_000)
    const seen = await page.evaluate(() => ({ counts: globalThis.seen.counts, rows: [...globalThis.seen.rows] }))
    return { counted: latency(countedAt(seen.counts, count), batches), rows: latency(new Map(seen.rows), batches) }
  } finally {
    await browser.close()
    await served.stop()
  }
}

/** Runs in the page. What a frame's script finds is on the screen by the next frame at the latest. */
function watchFrames() {
  const seen = { counts: [], rows: new Map() }
  globalThis.seen = seen
  const status = document.querySelector('footer')
  const look = () => {
    const text = /([\d,]+) (?:tasks?|messages?) received/.exec(status.textContent)?.[1]
    const count = text === undefined ? 0 : Number(text.replaceAll(',', ''))
    const ids = [...document.querySelectorAll('[role=gridcell][aria-colindex="5"]')].map((cell) => cell.textContent ?? '')
    const fresh = ids.filter((id) => /^\d{12}$/.test(id)).map(Number).filter((index) => !seen.rows.has(index))
    const isNew = count !== (seen.counts.at(-1)?.[0] ?? 0)
    requestAnimationFrame(() => {
      const now = Date.now()
      if (isNew) seen.counts.push([count, now])
      for (const index of fresh) seen.rows.set(index, now)
      look()
    })
  }
  look()
}

/** A message is counted as soon as the count is beyond it. */
function countedAt(counts, total) {
  const at = new Map()
  let index = 0
  for (const [count, ms] of counts) for (; index < Math.min(count, total); index++) at.set(index, ms)
  return at
}

/** @typedef {{ p50: number, p95: number, most: number, messages: number, published: number }} Latency in ms */
function latency(shownAt, batches) {
  const waits = []
  let published = 0
  for (const [place, [first, sentMs]] of batches.entries()) {
    const next = batches[place + 1]?.[0]
    for (let index = first; next === undefined ? shownAt.has(index) : index < next; index++) {
      published += 1
      const at = shownAt.get(index)
      if (at !== undefined) waits.push(at - sentMs)
    }
  }
  waits.sort((a, b) => a - b)
  const share = (part) => waits[Math.min(waits.length - 1, Math.floor(part * waits.length))] ?? NaN
  return { p50: share(0.5), p95: share(0.95), most: waits.at(-1) ?? NaN, messages: waits.length, published }
}

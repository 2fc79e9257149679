/**
 * Frame times of the timeline while it is dragged, zoomed and scrolled, as the page's own animation frames tell them.
 * Needs a build. `node bench/views/frames.mjs FILE [--by activity|host|worker|…] [--size 1440x900] [--seconds 4]` prints one JSON object a gesture.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import { findChromium } from '../../bin/chromium.mjs'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { by: { type: 'string', default: 'activity' }, size: { type: 'string', default: '1440x900' }, seconds: { type: 'string', default: '4' } } })
const [file] = positionals
if (file === undefined) throw new Error('Name a buffer file.')
const root = resolve(import.meta.dirname, '../..')
const config = await mkdtemp(join(tmpdir(), 'provscope-frames-'))
const server = spawn(process.execPath, [join(root, 'bin/provscope.mjs'), 'serve', '--no-open', '--port', '0', resolve(file)], { env: { ...process.env, PROVSCOPE_CONFIG_DIR: config }, stdio: ['ignore', 'pipe', 'inherit'] })
const browser = await chromium.launch({ executablePath: await findChromium(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
try {
  const [width, height] = values.size.split('x').map(Number)
  const page = await (await browser.newContext({ viewport: { width, height } })).newPage()
  await page.goto(await ready(server))
  await page.locator('footer').getByText(/^Loaded/).waitFor({ timeout: 1_800_000 })
  const begun = Date.now()
  await page.getByRole('tab', { name: 'Timeline' }).click()
  await page.locator('[data-lane]').first().waitFor({ timeout: 120_000 })
  if (values.by !== 'activity') await lanesBy(page, values.by)
  await rested(page)
  report('first picture', { ms: Date.now() - begun, ...(await page.getByTestId('timeline-canvas').evaluate((canvas) => ({ bars: Number(canvas.dataset.bars) }))) })
  const plot = await page.getByTestId('timeline-canvas').boundingBox()
  const at = { x: plot.x + plot.width / 2, y: plot.y + Math.min(plot.height / 2, 200) }
  const ms = Number(values.seconds) * 1000
  for (const [name, zoom] of [['the whole', 0], ['zoomed in ×30', 34], ['zoomed in ×1000', 34]]) {
    await gesture(page, 'wheel', { ...at, ctrl: true, dy: -46, times: zoom })
    await rested(page)
    const bars = await page.getByTestId('timeline-canvas').evaluate((canvas) => Number(canvas.dataset.bars))
    report(`pan, ${name}`, { bars, ...(await gesture(page, 'pan', { ...at, ms })) })
    await rested(page)
    report(`zoom, ${name}`, await gesture(page, 'zoom', { ...at, ms }))
    await rested(page)
    report(`scroll, ${name}`, await gesture(page, 'scroll', { ...at, ms }))
    await rested(page)
  }
  const memory = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? null)
  report('page memory', { megabytes: memory === null ? null : Math.round(memory / 1e6) })
} finally {
  await browser.close()
  server.kill('SIGTERM')
  await rm(config, { recursive: true, force: true })
}

/** Does one thing every frame, as a hand would, and measures from frame to frame. The time of our own work is told besides: a busy machine is late by itself. */
async function gesture(page, kind, given) {
  return await page.evaluate(
    async ({ kind, x, y, ms = 0, ctrl = false, dy = 0, times = 0 }) => {
      const target = document.elementFromPoint(x, y)
      const pointer = (type, px, py) => target.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, pointerId: 1, button: 0, buttons: 1, clientX: px, clientY: py }))
      const wheel = (init) => target.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX: x, clientY: y, ...init }))
      const frame = () => new Promise((done) => requestAnimationFrame(done))
      Element.prototype.setPointerCapture = () => undefined
      if (kind === 'wheel') {
        for (let n = 0; n < times; n++) {
          wheel({ ctrlKey: ctrl, deltaY: dy })
          await frame()
        }
        return {}
      }
      const intervals = []
      const works = []
      const asked = window.requestAnimationFrame
      // What our callbacks of a frame take, all together.
      let work = 0
      window.requestAnimationFrame = (callback) =>
        asked.call(window, (time) => {
          const begun = performance.now()
          callback(time)
          work += performance.now() - begun
        })
      if (kind === 'pan') pointer('pointerdown', x, y)
      const begun = performance.now()
      let before = begun
      for (let n = 0; performance.now() - begun < ms; n++) {
        const swing = Math.sin((performance.now() - begun) / 400)
        const own = performance.now()
        if (kind === 'pan') pointer('pointermove', x + swing * 300, y)
        else if (kind === 'zoom') wheel({ ctrlKey: true, deltaY: Math.sign(Math.cos((performance.now() - begun) / 400)) * -12 })
        else wheel({ deltaY: swing * 24 })
        work += performance.now() - own
        await new Promise((done) => asked.call(window, done))
        await new Promise((done) => queueMicrotask(done))
        const now = performance.now()
        intervals.push(now - before)
        works.push(work)
        work = 0
        before = now
      }
      if (kind === 'pan') pointer('pointerup', x, y)
      window.requestAnimationFrame = asked
      const of = (list, share) => Math.round((list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0) * 10) / 10
      return { frames: intervals.length, intervalMs: { p50: of(intervals, 0.5), p95: of(intervals, 0.95), max: of(intervals, 1) }, ownWorkMs: { p50: of(works, 0.5), p95: of(works, 0.95), max: of(works, 1) } }
    },
    { kind, ...given }
  )
}

async function rested(page) {
  await page.waitForTimeout(400)
  await page.locator('[data-testid=timeline-canvas][data-pending="0"]').waitFor({ timeout: 120_000 })
}

async function lanesBy(page, by) {
  await page.getByRole('button', { name: 'Arrange the timeline' }).click()
  await page.getByRole('menuitemcheckbox', { name: new RegExp(`^${by}$`, 'i') }).first().click()
}

function ready(child) {
  return new Promise((done, fail) => {
    let said = ''
    child.stdout.on('data', (part) => {
      said += part
      const url = /^Provscope is ready at (\S+)$/m.exec(said)?.[1]
      if (url) done(url)
    })
    child.once('exit', (code) => fail(new Error(`The server ended with ${code}.`)))
  })
}

function report(name, figures) {
  process.stdout.write(`${JSON.stringify({ name, ...figures })}\n`)
}

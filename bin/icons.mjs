/**
 * Draws resources/icon.svg, icon-small.svg and document.svg as the pictures that systems want: PNGs for Linux, an .ico for Windows, an .icns
 * for macOS. What it writes is committed; run it when a drawing has changed: `node bin/icons.mjs` (needs Chromium, as the e2e specs do).
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(import.meta.dirname, '..')
const resources = join(root, 'resources')

export const pngSizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
const icoSizes = [16, 24, 32, 48, 64, 128, 256]
/** Types of pictures in an .icns that hold a PNG, with the size of each in pixels; `@2x` ones are for finer screens. */
const icnsTypes = [['icp4', 16], ['icp5', 32], ['icp6', 64], ['ic07', 128], ['ic08', 256], ['ic09', 512], ['ic10', 1024], ['ic11', 32], ['ic12', 64], ['ic13', 256], ['ic14', 512]]
/** Below this the drawing with fewer and heavier lines is clearer. */
const smallUpTo = 32

/** @param {readonly { size: number, png: Buffer }[]} pictures */
export function ico(pictures) {
  const head = Buffer.alloc(6 + 16 * pictures.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pictures.length, 4)
  let offset = head.length
  for (const [index, { size, png }] of pictures.entries()) {
    const at = 6 + 16 * index
    head.writeUInt8(size === 256 ? 0 : size, at)
    head.writeUInt8(size === 256 ? 0 : size, at + 1)
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(png.length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += png.length
  }
  return Buffer.concat([head, ...pictures.map(({ png }) => png)])
}

/** @param {readonly { type: string, png: Buffer }[]} pictures */
export function icns(pictures) {
  const parts = pictures.map(({ type, png }) => {
    const head = Buffer.alloc(8)
    head.write(type, 'latin1')
    head.writeUInt32BE(png.length + 8, 4)
    return Buffer.concat([head, png])
  })
  const head = Buffer.alloc(8)
  head.write('icns', 'latin1')
  head.writeUInt32BE(parts.reduce((sum, part) => sum + part.length, 8), 4)
  return Buffer.concat([head, ...parts])
}

async function draw() {
  const { chromium } = await import('playwright')
  const { findChromium } = await import('./chromium.mjs')
  const browser = await chromium.launch({ executablePath: (await findChromium()) ?? undefined, args: ['--no-sandbox'] })
  const page = await browser.newPage()
  const picture = async (svg, size) => {
    await page.setViewportSize({ width: size, height: size })
    const source = `data:image/svg+xml;base64,${readFileSync(join(resources, svg)).toString('base64')}`
    await page.setContent(`<body style="margin:0;background:transparent"><img src="${source}" style="display:block;width:${size}px;height:${size}px"></body>`)
    await page.locator('img').evaluate((image) => image.decode())
    return page.screenshot({ omitBackground: true })
  }
  const all = async (svg, small) => new Map(await inTurn(pngSizes, async (size) => [size, await picture(size <= smallUpTo ? small : svg, size)]))
  const icons = await all('icon.svg', 'icon-small.svg')
  const documents = await all('document.svg', 'document.svg')
  await browser.close()
  mkdirSync(join(resources, 'icons'), { recursive: true })
  for (const [size, png] of icons) writeFileSync(join(resources, 'icons', `${size}x${size}.png`), png)
  writeFileSync(join(resources, 'icon.png'), icons.get(512))
  for (const [name, pictures] of [['icon', icons], ['document', documents]]) {
    writeFileSync(join(resources, `${name}.ico`), ico(icoSizes.map((size) => ({ size, png: pictures.get(size) }))))
    writeFileSync(join(resources, `${name}.icns`), icns(icnsTypes.map(([type, size]) => ({ type, png: pictures.get(size) }))))
  }
}

async function inTurn(items, work) {
  const results = []
  for (const item of items) results.push(await work(item))
  return results
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await draw()

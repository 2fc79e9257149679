import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Bounds, placeWindow, readWindows, writeWindows } from './windowState.ts'

const none = { id: 1, bounds: null, maximised: false }

describe('the file', () => {
  let folder: string
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'provscope-window-')) })
  afterEach(() => rm(folder, { recursive: true }))

  test('gives back what was written, and leaves nothing beside it', async () => {
    const windows = [{ id: 3, bounds: { x: -5, y: 10, width: 900, height: 700 }, maximised: true }, { id: 1, bounds: null, maximised: false }]
    writeWindows(join(folder, 'window.json'), windows)
    expect(readWindows(join(folder, 'window.json'))).toEqual(windows)
    expect(await readdir(folder)).toEqual(['window.json'])
  })

  test('of an earlier version is its one window', async () => {
    await writeFile(join(folder, 'window.json'), '{"x":1,"y":2,"width":900,"height":700,"maximised":true}')
    expect(readWindows(join(folder, 'window.json'))).toEqual([{ id: 1, bounds: { x: 1, y: 2, width: 900, height: 700 }, maximised: true }])
  })

  test.each(['', '{', 'null', '7', '{"x":1}', '{"x":"1","y":2,"width":3,"height":4}', '{"x":1e999,"y":2,"width":3,"height":4}', '{"windows":[]}', '{"windows":[{"id":"1"},{"id":-1},{"id":1e9},null]}'])('%j counts as none', async (text) => {
    await writeFile(join(folder, 'window.json'), text)
    expect(readWindows(join(folder, 'window.json'))).toEqual([none])
  })

  test('that is missing counts as none', () => {
    expect(readWindows(join(folder, 'nothing.json'))).toEqual([none])
  })
})

describe('the place', () => {
  const primary: Bounds = { x: 0, y: 25, width: 1920, height: 1055 }
  const second: Bounds = { x: 1920, y: 0, width: 1280, height: 1024 }
  const centred = { x: 240, y: 103, width: 1440, height: 900 }

  test.each<[string, Bounds | null, Bounds[], Bounds]>([
    ['the first time', null, [primary], centred],
    ['as it was', { x: 100, y: 100, width: 800, height: 600 }, [primary], { x: 100, y: 100, width: 800, height: 600 }],
    ['on the second display', { x: 2000, y: 50, width: 800, height: 600 }, [primary, second], { x: 2000, y: 50, width: 800, height: 600 }],
    ['of a display that is gone', { x: 2000, y: 50, width: 800, height: 600 }, [primary], centred],
    ['with its title above the display', { x: 100, y: 0, width: 800, height: 600 }, [primary], centred],
    ['with its title below the display', { x: 100, y: 1060, width: 800, height: 600 }, [primary], centred],
    ['almost off to the right', { x: 1850, y: 100, width: 800, height: 600 }, [primary], centred],
    ['partly off to the right', { x: 1800, y: 100, width: 800, height: 600 }, [primary], { x: 1800, y: 100, width: 800, height: 600 }],
    ['larger than the display', { x: 0, y: 25, width: 4000, height: 3000 }, [primary], { x: 0, y: 25, width: 1920, height: 1055 }],
    ['too small', { x: 0, y: 25, width: 200, height: 50 }, [primary], { x: 0, y: 25, width: 640, height: 480 }],
    ['on a display smaller than the default', null, [{ x: 0, y: 0, width: 1024, height: 768 }], { x: 0, y: 0, width: 1024, height: 768 }],
    ['with no display at all', null, [], { x: 0, y: 0, width: 1440, height: 900 }]
  ])('%s', (_what, remembered, areas, expected) => {
    expect(placeWindow(remembered, areas)).toEqual(expected)
  })
})

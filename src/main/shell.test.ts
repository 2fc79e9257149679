/** The built shell, line for line, against a stand-in Electron: each thing that it promises, and each that it refuses. */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { methods } from '#contract/methods'
import { commandCatalogue } from '../renderer/state/commandCatalogue.ts'
import { buildShell, root, type Shell, type ShellOptions, startShell } from '../testing/electron/shell.ts'
import { type MenuItem, PreventableEvent, StandInElectron } from '../testing/electron/standInElectron.ts'
import type { StandInWindow } from '../testing/electron/standInWindow.ts'
import { hasRedis, noRedis, startRedis } from '../testing/servers/redis.ts'

const pageUrl = 'provscope-app://page/index.html'
const sample = join(root, 'resources', 'samples', 'weather_stations.jsonl')
const running: Shell[] = []

async function start(options: ShellOptions = {}): Promise<Shell & { page: StandInWindow }> {
  const shell = await startShell(options)
  running.push(shell)
  return { ...shell, page: await shell.window() }
}

async function quit({ electron }: Shell): Promise<void> {
  if (!electron.app.exited) {
    electron.app.quit()
    await electron.app.untilExit()
  }
  electron.dispose()
}

type Opened = { sources: { name: string }[] }
const openNames = async (shell: Shell): Promise<string[]> => {
  const reply = await shell.call<Opened>('sources.list')
  return reply.ok ? reply.value.sources.map(({ name }) => name) : []
}

/** An engine that notes what it is asked to open or attach; once told to record, it closes only when `<module>.written` is there. */
const fake = `
import { existsSync } from 'node:fs'
const port = process.parentPort
const opened = []
let live = null
const close = () => {
  if (live !== null && !existsSync(process.argv[2] + '.written')) setTimeout(close, 20)
  else port.postMessage({ kind: 'closed' })
}
port.on('message', ({ data: { kind, id, method, params } }) => {
  if (kind === 'close') close()
  if (kind !== 'call') return
  const attached = { sourceId: 's', state: 'reading', live: { role: 'watch', link: { name: 'live' }, stores: [] } }
  const values = { 'fake.calls': opened, 'sources.list': { sources: [attached, ...(live ? [{ live }] : [])] }, 'paths.grant': { handle: 'h' }, 'prefs.get': { value: null } }
  if (method === 'fake.record') live = { role: 'record', link: { name: 'detached' }, stores: [{ waiting: 3 }] }
  else if (!(method in values)) opened.push({ method, params })
  port.postMessage({ kind: 'reply', id, reply: { ok: true, value: values[method] ?? { sourceId: 's' } } })
})
`
const fakeFolders: string[] = []
function fakeEngine(): string {
  const folder = mkdtempSync(join(tmpdir(), 'provscope-shell-'))
  fakeFolders.push(folder)
  const path = join(folder, 'engine.mjs')
  writeFileSync(path, fake)
  return path
}
async function fakeCalls(shell: Shell): Promise<{ method: string; params: unknown }[]> {
  const reply = await shell.call<{ method: string; params: unknown }[]>('fake.calls')
  return reply.ok ? reply.value : []
}

beforeAll(buildShell)
afterEach(async () => {
  for (const shell of running.splice(0)) await quit(shell)
  for (const folder of fakeFolders.splice(0)) rmSync(folder, { recursive: true })
})

describe('the window', () => {
  test('gives its page no Node and no way out of its sandbox', async () => {
    const { page, electron } = await start()
    expect(page.options['webPreferences']).toEqual({
      preload: join(root, 'out', 'preload', 'index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false
    })
    expect(electron.app.sandboxed).toBe(true)
    expect(electron.session.spellChecker).toBe(false)
  })

  test('draws its own title row and shows itself when there is something to see', async () => {
    const { page } = await start()
    expect(page.options).toMatchObject({ title: 'Provscope', show: false, titleBarOverlay: { color: '#f1f3f6', symbolColor: '#151a21', height: 36 }, minWidth: 640, minHeight: 480 })
    expect(page.shown).toBe(true)
    expect(page.maximized).toBe(false)
  })

  test('loads the built page over its own scheme, with its policy', async () => {
    const { page, electron } = await start()
    expect(electron.asked.privileges).toEqual([{ scheme: 'provscope-app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }])
    expect(page.webContents.loaded).toHaveLength(1)
    const [loaded] = page.webContents.loaded
    expect(loaded).toMatchObject({ url: pageUrl, status: 200 })
    expect(loaded?.text).toContain('<title>Provscope</title>')
    const policy = loaded?.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toMatch(/script-src 'self'(;|$)/)
    expect(loaded?.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('exposes functions to call, to cancel, and to be told of the menu, and nothing else', async () => {
    const { page } = await start()
    expect(Object.keys(page.world)).toEqual(['provscope'])
    expect(Object.keys(page.world['provscope'] as object).toSorted()).toEqual(['call', 'cancel', 'onCommand'])
  })

  test('opens where it was, and maximised if it was', async () => {
    const first = await start()
    first.page.move({ x: 40, y: 60, width: 1000, height: 700 })
    first.page.maximized = true
    first.page.close()
    await first.electron.app.untilExit()
    const next = new StandInElectron()
    copyFileSync(join(first.electron.folder, 'window.json'), join(next.folder, 'window.json'))
    const second = await start({ electron: next })
    expect(second.page.options).toMatchObject({ x: 40, y: 60, width: 1000, height: 700 })
    expect(second.page.maximized).toBe(true)
  })

  test('comes back onto a display that is there', async () => {
    const electron = new StandInElectron({ displays: [{ id: 2, workArea: { x: 100, y: 0, width: 1000, height: 800 } }, { id: 1, workArea: { x: -1000, y: 0, width: 1000, height: 800 } }] })
    writeFileSync(join(electron.folder, 'window.json'), JSON.stringify({ x: 5000, y: 60, width: 900, height: 700, maximised: false }))
    const { page } = await start({ electron })
    expect(page.options).toMatchObject({ x: 100, y: 0, width: 1000, height: 800 })
  })

  test('saves its place while it is moved, not only when it closes', async () => {
    const { page, electron } = await start()
    page.move({ x: 1, y: 2, width: 800, height: 600 })
    await expect.poll(() => JSON.parse(readFileSync(join(electron.folder, 'window.json'), 'utf8')) as unknown, { timeout: 5000 }).toEqual({ windows: [{ id: 1, x: 1, y: 2, width: 800, height: 600, maximised: false }] })
  })

  test('a place that cannot be saved is told, and harms nothing', async () => {
    const { page, electron, said } = await start()
    mkdirSync(join(electron.folder, 'window.json.new'))
    page.emit('close', {})
    await expect.poll(said).toContain('The window’s place was not saved')
  })

  test('follows the theme: the system’s, and the one the page keeps', async () => {
    const shell = await start({ dark: true })
    expect(shell.page.options).toMatchObject({ backgroundColor: '#0e1114', titleBarOverlay: { symbolColor: '#e5e9ee' } })
    shell.electron.nativeTheme.shouldUseDarkColors = false
    shell.electron.nativeTheme.emit('updated')
    expect(shell.page.backgroundColor).toBe('#f1f3f6')
    expect(shell.page.overlay).toEqual({ color: '#f1f3f6', symbolColor: '#151a21', height: 36 })
    await shell.call('prefs.set', { key: 'theme', value: 'dark' })
    expect(shell.electron.nativeTheme.themeSource).toBe('dark')
    await shell.call('prefs.set', { key: 'theme', value: null })
    expect(shell.electron.nativeTheme.themeSource).toBe('system')
    await shell.call('prefs.set', { key: 'other', value: 'dark' })
    expect(shell.electron.nativeTheme.themeSource).toBe('system')
    shell.page.destroy()
    expect(shell.electron.nativeTheme.listenerCount('updated')).toBe(0)
  })

  test('begins in the theme that was kept', async () => {
    const electron = new StandInElectron()
    mkdirSync(join(electron.folder, 'config'))
    writeFileSync(join(electron.folder, 'config', 'preferences.json'), JSON.stringify({ theme: 'dark' }))
    await start({ electron })
    expect(electron.nativeTheme.themeSource).toBe('dark')
  })
})

describe('the page cannot', () => {
  test('leave for anywhere', async () => {
    const { page } = await start()
    for (const url of ['https://example.org/', 'http://127.0.0.1:1/', 'file:///etc/passwd', 'provscope-app://other/index.html', 'data:text/html,x', 'javascript:alert(1)', 'devtools://devtools/bundled/x.html', 'not an address']) {
      for (const kind of ['will-navigate', 'will-redirect', 'will-frame-navigate'] as const) expect(await page.webContents.navigate(url, kind), url).toBe(false)
    }
    expect(page.webContents.getURL()).toBe(pageUrl)
  })

  test('reach the network', async () => {
    const { electron } = await start()
    const { session } = electron
    for (const url of ['https://example.org/', 'http://localhost/', 'ws://127.0.0.1/', 'file:///etc/passwd', 'ftp://x/', 'devtools://devtools/x', 'provscope-app://other/x', 'blob:https://example.org/1']) expect(session.reaches(url), url).toBe(false)
    for (const url of [pageUrl, 'provscope-app://page/assets/x.js', 'data:image/png;base64,', 'blob:provscope-app://page/1']) expect(session.reaches(url), url).toBe(true)
  })

  test('open windows, webviews or downloads', async () => {
    const { page, electron } = await start()
    expect(page.webContents.opens(pageUrl)).toBe(false)
    expect(page.webContents.attachesWebview()).toBe(false)
    let prevented = false
    electron.session.emit('will-download', { preventDefault: () => { prevented = true } })
    expect(prevented).toBe(true)
    expect(electron.windows).toHaveLength(1)
    expect(electron.asked.opened).toEqual([])
  })

  test('hand an address to the browser unless a person has seen it and said so; and never one that is not https', async () => {
    const { page, electron } = await start()
    electron.answers.message.push(1, 0)
    for (const url of ['https://no.example/', 'https://yes.example/a?b']) expect(page.webContents.opens(url)).toBe(false)
    for (const url of ['http://plain.example/', 'file:///etc/passwd', 'mailto:a@b', 'vscode://x', 'not an address']) expect(page.webContents.opens(url)).toBe(false)
    await expect.poll(() => electron.asked.opened).toEqual(['https://yes.example/a?b'])
    expect(electron.asked.dialogs.map(({ options }) => options['detail'])).toEqual(['https://no.example/', 'https://yes.example/a?b'])
    expect(electron.asked.dialogs[0]?.window).toBe(page)
  })

  test('hold a permission', async () => {
    const { session } = (await start()).electron
    for (const permission of ['media', 'geolocation', 'notifications', 'midi', 'clipboard-read', 'fullscreen', 'openExternal', 'fileSystem', 'hid', 'serial', 'usb', 'display-capture', 'pointerLock']) {
      expect(session.requests(permission, { isMainFrame: true, requestingUrl: pageUrl }), permission).toBe(false)
      expect(session.checks(permission, 'provscope-app://page', { isMainFrame: true }), permission).toBe(false)
    }
    expect(session.devicePermission?.({})).toBe(false)
  })

  test('but copy what a person copies, from its own main frame alone', async () => {
    const { electron } = await start()
    const permission = 'clipboard-sanitized-write'
    expect(electron.session.requests(permission, { isMainFrame: true, requestingUrl: pageUrl })).toBe(true)
    expect(electron.session.checks(permission, 'provscope-app://page', { isMainFrame: true })).toBe(true)
    expect(electron.session.requests(permission, { isMainFrame: false, requestingUrl: pageUrl })).toBe(false)
    expect(electron.session.requests(permission, { isMainFrame: true, requestingUrl: 'https://example.org/' })).toBe(false)
    expect(electron.session.checks(permission, 'https://example.org', { isMainFrame: true })).toBe(false)
    expect(electron.session.checks(permission, 'provscope-app://page', { isMainFrame: false })).toBe(false)
  })
})

describe('the scheme serves', () => {
  const get = async ({ electron }: Shell, url: string, method = 'GET'): Promise<Response> => {
    const handler = electron.protocols.get('provscope-app')
    if (!handler) throw new Error('no protocol')
    return handler({ url, method } as Request)
  }

  test('nothing but the files of the page', async () => {
    const shell = await start()
    for (const url of [
      'provscope-app://page/../package.json',
      'provscope-app://page/..%2f..%2fpackage.json',
      'provscope-app://page/%2e%2e/%2e%2e/package.json',
      'provscope-app://page/assets/../../main/index.js',
      'provscope-app://page/..%5c..%5cpackage.json',
      'provscope-app://page//etc/passwd',
      'provscope-app://page/assets',
      'provscope-app://page/missing.js',
      'provscope-app://page/%00.js',
      'provscope-app://other/index.html',
      'provscope-app:///index.html',
      'not an address'
    ]) {
      const answer = await get(shell, url)
      expect(answer.status, url).toBe(404)
      expect(await answer.text(), url).not.toMatch(/provscope"|root:/)
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    }
  })

  test('reading, and nothing else', async () => {
    const shell = await start()
    expect((await get(shell, pageUrl, 'HEAD')).status).toBe(200)
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await get(shell, pageUrl, method)).status).toBe(405)
  })

  test('the page at the root too, and its files with their types', async () => {
    const shell = await start()
    expect((await get(shell, 'provscope-app://page')).headers.get('content-type')).toBe('text/html; charset=utf-8')
    const script = /src="\.(\/assets\/[^"]+\.js)"/.exec(await (await get(shell, pageUrl)).text())?.[1]
    const answer = await get(shell, `provscope-app://page${script}?v=1#x`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8'])
  })
})

describe('a call', () => {
  test('is answered by the engine, as the page', async () => {
    const shell = await start()
    expect(await shell.call('host.info')).toMatchObject({ ok: true, value: { host: 'desktop' } })
    expect(await shell.call('host.info', { more: 1 })).toMatchObject({ ok: false, error: { code: 'bad-request' } })
    expect(await shell.call('nothing.like.this')).toMatchObject({ ok: false, error: { code: 'not-found' } })
  })

  test('of a method that names paths is not to be had by a page', async () => {
    const shell = await start()
    const hostOnly = Object.entries(methods).flatMap(([method, { audience }]) => (audience === 'host' ? [method] : []))
    expect(hostOnly).toEqual(expect.arrayContaining(['paths.grant', 'paths.resolve', 'sources.openPaths', 'exports.path']))
    for (const method of hostOnly) {
      expect(await shell.call(method, { path: '/etc/passwd', use: 'read', paths: ['/etc/passwd'], handle: 'x', exportId: 'x' }), method).toMatchObject({ ok: false, error: { code: 'not-found' } })
    }
  })

  test.each<[string, (page: StandInWindow) => unknown]>([
    ['another frame of the page', (page) => ({ sender: page.webContents, senderFrame: { url: pageUrl } })],
    ['a page from elsewhere', (page) => { page.webContents.mainFrame = { url: 'https://example.org/' }; return page.ipcEvent() }],
    ['another host of the scheme', (page) => { page.webContents.mainFrame = { url: 'provscope-app://other/index.html' }; return page.ipcEvent() }],
    ['a page without an address', (page) => { page.webContents.mainFrame = { url: '' }; return page.ipcEvent() }],
    ['a frame that is gone', (page) => ({ sender: page.webContents, senderFrame: null })]
  ])('from %s is refused', async (_who, event) => {
    const { electron, page } = await start()
    const sent = event(page)
    expect(await electron.ipcMain.invoke('call', sent, ['host.info', {}])).toMatchObject({ ok: false, error: { code: 'bad-request' } })
    electron.ipcMain.emit('drop', sent, [sample])
    await new Promise((later) => setTimeout(later, 20))
    expect(electron.asked.recent).toEqual([])
  })

  test('that names no method is refused', async () => {
    const { electron, page } = await start()
    for (const args of [[7], [null], ['host.info', {}, 7], ['host.info', {}, ''], ['host.info', {}, 'x'.repeat(101)]]) {
      expect(await electron.ipcMain.invoke('call', page.ipcEvent(), args)).toMatchObject({ ok: false, error: { code: 'bad-request' } })
    }
  })

  test('uses one channel, beside those for cancelling and dropping', async () => {
    const { electron } = await start()
    expect(electron.ipcMain.channels.toSorted()).toEqual(['call', 'cancel', 'drop'])
  })

  const waiting = async (shell: Shell, callId?: string): Promise<{ reply: Promise<unknown> }> => {
    const first = await shell.call<{ cursor: string }>('changes.next')
    const cursor = first.ok ? first.value.cursor : ''
    return { reply: shell.call('changes.next', { cursor, waitMs: 30_000 }, callId) }
  }
  const cancelled = { ok: false, error: { code: 'cancelled' } }

  test('is cancelled by its id', async () => {
    const shell = await start()
    const { reply } = await waiting(shell, 'one')
    const { cancel } = shell.page.world['provscope'] as { cancel: (callId: string) => void }
    cancel('another')
    cancel('one')
    expect(await reply).toMatchObject(cancelled)
  })

  test('is not cancelled by another page', async () => {
    const shell = await start()
    const { reply } = await waiting(shell, 'one')
    shell.electron.ipcMain.emit('cancel', { sender: shell.page.webContents, senderFrame: { url: pageUrl } }, 'one')
    shell.electron.ipcMain.emit('cancel', shell.page.ipcEvent(), 7)
    expect(await Promise.race([reply, new Promise((later) => setTimeout(() => later('waits'), 100))])).toBe('waits')
    shell.electron.ipcMain.emit('cancel', shell.page.ipcEvent(), 'one')
    expect(await reply).toMatchObject(cancelled)
  })

  test.each<[string, (page: StandInWindow) => unknown]>([
    ['loads anew', (page) => page.webContents.load(pageUrl)],
    ['crashes', (page) => page.webContents.crash('oom')],
    ['closes', (page) => page.destroy()]
  ])('ends when its page %s', async (_what, happen) => {
    const shell = await start()
    const { reply } = await waiting(shell)
    await happen(shell.page)
    expect(await reply).toMatchObject(cancelled)
  })

  test('goes on when its page only moves within itself', async () => {
    const shell = await start()
    const { reply } = await waiting(shell, 'one')
    shell.page.webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true })
    shell.page.webContents.emit('did-start-navigation', { isMainFrame: false, isSameDocument: false })
    expect(await Promise.race([reply, new Promise((later) => setTimeout(() => later('waits'), 100))])).toBe('waits')
  })
})

describe('dialogs', () => {
  test('give the page handles, never paths, and the engine opens them', async () => {
    const shell = await start()
    shell.electron.answers.open.push([sample])
    const reply = await shell.call<{ handles: string[] }>('dialog.open', { kind: 'files' })
    const handles = reply.ok ? reply.value.handles : []
    expect(handles).toHaveLength(1)
    expect(handles[0]).not.toContain('weather')
    expect(await shell.call('sources.open', { handles })).toMatchObject({ ok: true })
    expect(await openNames(shell)).toEqual(['weather_stations.jsonl'])
    expect(shell.electron.asked.dialogs[0]).toMatchObject({ kind: 'open', window: shell.page, options: { properties: ['openFile', 'multiSelections'] } })
  })

  test('choose folders too, and may be cancelled', async () => {
    const shell = await start()
    expect(await shell.call('dialog.open', { kind: 'folder' })).toEqual({ ok: true, value: { handles: [] } })
    expect(shell.electron.asked.dialogs[0]).toMatchObject({ kind: 'open', options: { properties: ['openDirectory'] } })
    expect(await shell.call('dialog.save', { name: 'a.csv' })).toEqual({ ok: true, value: { handle: null } })
    expect(await shell.call('dialog.open', { kind: 'folder', use: 'write' })).toEqual({ ok: true, value: { handles: [] } })
    expect(await shell.call('dialog.open', { kind: 'anything' })).toMatchObject({ ok: false, error: { code: 'bad-request' } })
  })

  test('choose what is written to: handles for writing, a folder that may be new', async () => {
    const shell = await start()
    const folder = join(shell.electron.folder, 'lmdb')
    mkdirSync(folder)
    for (const kind of ['folder', 'files']) {
      shell.electron.answers.open.push([folder])
      const reply = await shell.call<{ handles: string[] }>('dialog.open', { kind, use: 'write' })
      const handles = reply.ok ? reply.value.handles : []
      expect(handles).toHaveLength(1)
      expect(await shell.call('sources.open', { handles })).toMatchObject({ ok: false, error: { message: expect.stringContaining('for writing') } })
    }
    expect(shell.electron.asked.dialogs[0]?.options['properties']).toEqual(['openDirectory', 'createDirectory', 'promptToCreate'])
    expect(shell.electron.asked.dialogs[1]?.options['properties']).not.toContain('multiSelections')
  })

  test.each([
    ['tasks.csv', ['csv', '*']],
    ['flowcept_buffer.jsonl', ['jsonl', '*']],
    ['Gaps.JSON', ['json', '*']],
    ['model.pt', ['*']],
    ['no ending', ['*']]
  ])('save %s as what it is', async (name, extensions) => {
    const shell = await start()
    await shell.call('dialog.save', { name })
    expect(shell.electron.asked.dialogs.map(({ options }) => (options['filters'] as { extensions: string[] }[]).flatMap((filter) => filter.extensions))).toEqual([extensions])
  })

  test('save under a name that cannot lead elsewhere', async () => {
    const shell = await start()
    shell.electron.answers.save.push(join(shell.electron.folder, 'out.csv'))
    expect(await shell.call('dialog.save', { name: '../../etc/tasks.csv' })).toMatchObject({ ok: true, value: { handle: expect.any(String) } })
    expect(shell.electron.asked.dialogs[0]).toMatchObject({ kind: 'save', options: { defaultPath: 'tasks.csv' } })
  })

  test('an export that is not there is not shown', async () => {
    const shell = await start()
    expect(await shell.call('exports.reveal', { exportId: 'none' })).toMatchObject({ ok: false, error: { code: 'not-found' } })
    expect(shell.electron.asked.revealed).toEqual([])
  })

  test('a finished export is shown where it lies', async () => {
    const shell = await start({ args: [sample] })
    await expect.poll(async () => (await shell.call('sources.list'))).toMatchObject({ value: { sources: [{ state: 'ready' }] } })
    const opened = await shell.call<{ sources: { sourceId: string }[] }>('sources.list')
    const to = join(shell.electron.folder, 'tasks.csv')
    shell.electron.answers.save.push(to)
    const saved = await shell.call<{ handle: string }>('dialog.save', { name: 'tasks.csv' })
    if (!opened.ok || !saved.ok) throw new Error('not opened')
    const started = await shell.call<{ exportId: string }>('exports.start', { sourceId: opened.value.sources[0]?.sourceId, format: 'csv', columns: ['task_id'], name: 'tasks.csv', handle: saved.value.handle })
    const exportId = started.ok ? started.value.exportId : ''
    await expect.poll(() => shell.call('exports.list')).toMatchObject({ value: { exports: [{ state: 'done', download: false }] } })
    expect(await shell.call('exports.reveal', { exportId })).toEqual({ ok: true, value: {} })
    expect(shell.electron.asked.revealed).toEqual([to])
  })

  test('what only a served page needs is not to be had', async () => {
    expect(await (await start()).call('exports.ticket', { exportId: 'e' })).toMatchObject({ ok: false, error: { code: 'unavailable' } })
  })
})

describe('notifications', () => {
  test('are the desktop’s; a click brings the window up', async () => {
    const shell = await start()
    expect(await shell.call('host.notify', { title: 'Any error: run.jsonl', body: '1 of 4 tasks matches.' })).toEqual({ ok: true, value: { shown: true } })
    expect(shell.electron.asked.notified).toMatchObject([{ title: 'Any error: run.jsonl', body: '1 of 4 tasks matches.' }])
    shell.page.minimized = true
    const before = shell.page.focused
    shell.electron.asked.notified[0]?.click()
    expect(shell.page.minimized).toBe(false)
    expect(shell.page.focused).toBe(before + 1)
    shell.electron.notifies = false
    expect(await shell.call('host.notify', { title: 'a', body: 'b' })).toEqual({ ok: true, value: { shown: false } })
    expect(shell.electron.asked.notified).toHaveLength(1)
    expect(await shell.call('host.notify', { title: 'a' })).toMatchObject({ ok: false, error: { code: 'bad-request' } })
  })
})

describe('sources come', () => {
  test('from the command line', async () => {
    const shell = await start({ args: ['--some-switch', sample] })
    await expect.poll(() => openNames(shell)).toEqual(['weather_stations.jsonl'])
    expect(shell.electron.asked.recent).toEqual([sample])
  })

  test('from a packaged app’s command line', async () => {
    const shell = await start({ packaged: true, args: [sample] })
    await expect.poll(() => openNames(shell)).toEqual(['weather_stations.jsonl'])
  })

  test('as the bundled sample', async () => {
    const shell = await start({ args: ['--sample'] })
    await expect.poll(() => openNames(shell)).toEqual(['weather_stations.jsonl'])
  })

  test('from another instance, whose window this one brings up', async () => {
    const shell = await start()
    shell.page.minimized = true
    const focused = shell.page.focused
    shell.electron.app.emit('second-instance', {}, ['ignored', '/etc/passwd'], '/', { named: [sample], sample: false })
    await expect.poll(() => openNames(shell)).toEqual(['weather_stations.jsonl'])
    expect([shell.page.minimized, shell.page.focused]).toEqual([false, focused + 1])
  })

  test('from the system, also before the app is ready', async () => {
    const shell = await startShell({ ready: false })
    running.push(shell)
    let prevented = false
    shell.electron.app.emit('open-file', { preventDefault: () => { prevented = true } }, sample)
    shell.electron.app.becomeReady()
    await expect.poll(() => openNames(shell)).toEqual(['weather_stations.jsonl'])
    expect(prevented).toBe(true)
  })

  test('dropped by a person: the page sees no path', async () => {
    const shell = await start()
    const file = { name: 'weather_stations.jsonl' }
    shell.electron.paths.set(file, sample)
    expect(shell.page.drop([file, { name: 'an image of a page' }]).defaultPrevented).toBe(true)
    await expect.poll(() => openNames(shell)).toEqual(['weather_stations.jsonl'])
  })

  test('not from a drop that the page made up', async () => {
    const shell = await start()
    const file = {}
    shell.electron.paths.set(file, sample)
    shell.page.drop([file], false)
    shell.page.drop([{}])
    for (const paths of ['x', [7], [''], null]) shell.electron.ipcMain.emit('drop', shell.page.ipcEvent(), paths)
    await new Promise((later) => setTimeout(later, 50))
    expect(await openNames(shell)).toEqual([])
  })

  test('and a drag over the page is taken, so that it can end in a drop', async () => {
    const { page } = await start()
    const event = new Event('dragover', { cancelable: true })
    page.page.dispatchEvent(event)
    expect(event.defaultPrevented).toBe(true)
  })

  test('as addresses of queues and databases, which are no files', async () => {
    const engineModule = fakeEngine()
    const shell = await start({ engineModule, args: ['redis://alice:pw@login02/0/interception', 'mongodb://h/flowcept', '--', 'amqp://h', sample] })
    await expect.poll(() => fakeCalls(shell)).toHaveLength(4)
    expect(await fakeCalls(shell)).toEqual([
      { method: 'sources.openPaths', params: { paths: [sample] } },
      { method: 'live.attachPaths', params: expect.objectContaining({ url: 'redis://alice@login02:6379/0/interception', password: 'pw' }) },
      { method: 'stores.open', params: expect.objectContaining({ store: { type: 'mongodb', uri: 'mongodb://h/flowcept' } }) },
      { method: 'live.attachPaths', params: expect.objectContaining({ url: 'amqp://h' }) }
    ])
    expect(shell.electron.asked.recent).toEqual([sample])
  })

  test('that cannot be opened are told in a dialog', async () => {
    const shell = await start()
    shell.electron.app.emit('second-instance', {}, [], '/', { named: Array.from({ length: 100_001 }, () => sample), sample: false })
    await expect.poll(() => shell.electron.asked.dialogs).toHaveLength(1)
    expect(shell.electron.asked.dialogs[0]).toMatchObject({ kind: 'message', window: shell.page, options: { type: 'error', detail: expect.stringContaining('paths') } })
  })
})

describe('the menu', () => {
  const find = (items: MenuItem[], label: string): MenuItem | undefined => items.flatMap((item) => [item, ...(item.submenu ?? [])]).find((item) => item.label === label)
  const roles = (items: MenuItem[]): (string | undefined)[] => items.flatMap((item) => [item, ...(item.submenu ?? [])]).map(({ role }) => role)

  test('opens files, folders and the sample', async () => {
    const shell = await start()
    shell.electron.answers.open.push([sample], [join(root, 'resources', 'samples')])
    expect(find(shell.electron.menu, 'Open file…')?.accelerator).toBe('CmdOrCtrl+O')
    expect(find(shell.electron.menu, 'Open folder…')?.accelerator).toBe('CmdOrCtrl+Shift+O')
    find(shell.electron.menu, 'Open file…')?.click?.()
    await expect.poll(() => openNames(shell)).toHaveLength(1)
    find(shell.electron.menu, 'Open folder…')?.click?.()
    await expect.poll(() => openNames(shell)).toHaveLength(2)
    find(shell.electron.menu, 'Open the sample')?.click?.()
    await expect.poll(() => openNames(shell)).not.toHaveLength(0)
    find(shell.electron.menu, 'Open file…')?.click?.()
    await expect.poll(() => shell.electron.asked.dialogs).toHaveLength(3)
  })

  test('zooms; reloading and developer tools are for development', async () => {
    const { electron } = await start()
    expect(roles(electron.menu)).toEqual(expect.arrayContaining(['resetZoom', 'zoomIn', 'zoomOut', 'quit', 'copy', 'paste', 'windowMenu', 'help']))
    for (const role of ['reload', 'forceReload', 'toggleDevTools']) expect(roles(electron.menu)).not.toContain(role)
    expect(electron.app.about).toMatchObject({ applicationName: 'Provscope', applicationVersion: expect.stringMatching(/^\d+\.\d+\.\d+/) })
  })
})

describe('commands of the page in the menu', () => {
  const flat = (items: MenuItem[]): MenuItem[] => items.flatMap((item) => [item, ...flat(item.submenu ?? [])])
  const listen = (page: StandInWindow): string[] => {
    const heard: string[] = []
    const { onCommand } = page.world['provscope'] as { onCommand: (listener: (id: string) => void) => () => void }
    onCommand((id) => void heard.push(id))
    return heard
  }

  test.each<[NodeJS.Platform]>([['linux'], ['darwin']])('are asked for by their ids, and take no key away from the page (%s)', async (platform) => {
    const { page, electron } = await start({ platform })
    const heard = listen(page)
    const items = flat(electron.menu).filter(({ id }) => id !== undefined)
    for (const { click } of items) click?.()
    expect(heard).toEqual(items.map(({ id }) => id))
    expect(heard).toEqual(expect.arrayContaining(['undo', 'redo', 'views.save', 'views.open', 'export', 'close', 'attach', 'settings', 'about', 'shortcuts', 'view.table']))
    for (const { accelerator, registerAccelerator } of items) expect(accelerator === undefined || registerAccelerator === false).toBe(true)
    const known = new Set(commandCatalogue.map(({ id }) => id))
    expect(heard.filter((id) => !known.has(id))).toEqual([])
  })

  test('go to the window that was used last', async () => {
    const shell = await start()
    await shell.call('windows.new', {})
    await expect.poll(() => shell.electron.windows).toHaveLength(2)
    const [first, second] = shell.electron.windows as [StandInWindow, StandInWindow]
    await expect.poll(() => second.webContents.loaded).toHaveLength(1)
    const heard = [listen(first), listen(second)]
    const undo = flat(shell.electron.menu).find(({ id }) => id === 'undo')
    undo?.click?.()
    first.focus()
    undo?.click?.()
    undo?.click?.()
    expect(heard.map(({ length }) => length)).toEqual([2, 1])
  })

  test('a listener hears no more once it has ended', async () => {
    const { page } = await start()
    const heard: string[] = []
    const { onCommand } = page.world['provscope'] as { onCommand: (listener: (id: string) => void) => () => void }
    const end = onCommand((id) => void heard.push(id))
    page.webContents.send('command', 'undo')
    page.webContents.send('command', 7)
    end()
    page.webContents.send('command', 'redo')
    expect(heard).toEqual(['undo'])
  })
})

describe('several windows', () => {
  const keptWindows = ({ electron }: Shell): { id: number; x: number }[] => (JSON.parse(readFileSync(join(electron.folder, 'window.json'), 'utf8')) as { windows: { id: number; x: number }[] }).windows
  const two = async (options: ShellOptions = {}): Promise<Shell & { first: StandInWindow; second: StandInWindow }> => {
    const shell = await start(options)
    shell.electron.menu.flatMap(({ submenu }) => submenu ?? []).find(({ label }) => label === 'New window')?.click?.()
    await expect.poll(() => shell.electron.windows[1]?.webContents.loaded).toHaveLength(1)
    return { ...shell, first: shell.page, second: shell.electron.windows[1] as StandInWindow }
  }

  test('each has a page of its own, as locked down as the first, and the sources of the one engine', async () => {
    const { first, second, electron, call } = await two()
    expect(electron.engines).toHaveLength(1)
    expect(second.options['webPreferences']).toEqual(first.options['webPreferences'])
    expect(second.webContents.getURL()).toBe(`${pageUrl}?window=2`)
    expect(second.webContents.opens('provscope-app://page/index.html')).toBe(false)
    expect(await second.webContents.navigate('https://example.org/')).toBe(false)
    await call('sources.openSample')
    const { provscope } = second.world as { provscope: { call: (method: string, params: unknown) => Promise<{ value: Opened }> } }
    expect((await provscope.call('sources.list', {})).value.sources).toHaveLength(1)
  })

  test('begin where the page says, and only within the page', async () => {
    const shell = await start()
    expect(await shell.call('windows.new', { address: '#/table?source=s1' })).toMatchObject({ ok: true })
    await expect.poll(() => shell.electron.windows[1]?.webContents.getURL()).toBe(`${pageUrl}?window=2#/table?source=s1`)
    for (const address of ['https://example.org/', 'javascript:alert(1)', '/etc/passwd', '//example.org', '#x', 7]) {
      expect(await shell.call('windows.new', { address })).toMatchObject({ ok: false, error: { code: 'bad-request' } })
    }
    expect(shell.electron.windows).toHaveLength(2)
  })

  test('closing one leaves the other and the engine, and it does not come back', async () => {
    const shell = await two()
    shell.first.close()
    expect(shell.electron.app.exited).toBe(false)
    expect(keptWindows(shell).map(({ id }) => id)).toEqual([2])
    const { provscope } = shell.second.world as { provscope: { call: (method: string, params: unknown) => Promise<unknown> } }
    expect(await provscope.call('host.info', {})).toMatchObject({ ok: true })
  })

  test('come back all, each in its place, when the app ends with them', async () => {
    const shell = await two()
    shell.first.move({ x: 10, y: 20, width: 900, height: 700 })
    shell.second.move({ x: 50, y: 60, width: 800, height: 600 })
    shell.electron.app.quit()
    await shell.electron.app.untilExit()
    expect(keptWindows(shell)).toMatchObject([{ id: 1, x: 10, width: 900 }, { id: 2, x: 50, width: 800 }])
  })

  test('are opened again at the next start; one only where the setting is off', async () => {
    const state = { windows: [{ id: 1, x: 10, y: 20, width: 900, height: 700, maximised: false }, { id: 4, x: 50, y: 60, width: 800, height: 600, maximised: true }] }
    for (const restore of [true, false]) {
      const electron = new StandInElectron()
      mkdirSync(join(electron.folder, 'config'))
      writeFileSync(join(electron.folder, 'window.json'), JSON.stringify(state))
      writeFileSync(join(electron.folder, 'config', 'preferences.json'), JSON.stringify({ 'session.restore': restore }))
      await start({ electron })
      const wanted = restore ? [[4, 50, 800, true], [1, 10, 900, false]] : [[1, 10, 900, false]]
      await expect.poll(() => electron.windows.map(({ options, maximized, webContents }) => [Number(URL.parse(webContents.getURL())?.searchParams.get('window') ?? 1), options['x'], options['width'], maximized])).toEqual(wanted)
    }
  })

  test('what each page showed is known to it again', async () => {
    const electron = new StandInElectron()
    const first = await start({ electron })
    const opened = await first.call<{ sourceId: string }>('sources.openSample')
    const sourceId = opened.ok ? opened.value.sourceId : ''
    await first.call('session.keep', { pageId: 'w1', address: `#/table?source=${sourceId}` })
    await first.call('session.keep', { pageId: 'w2', address: `#/tree?source=${sourceId}` })
    electron.app.quit()
    await electron.app.untilExit()
    const next = new StandInElectron()
    cpSync(join(electron.folder, 'config'), join(next.folder, 'config'), { recursive: true })
    const second = await start({ electron: next })
    expect(await second.call('session.left', { pageId: 'w2' })).toMatchObject({ ok: true, value: { address: `#/tree?source=${sourceId}`, restored: 1, brokeOff: false } })
    expect(await openNames(second)).toEqual(['weather_stations.jsonl'])
  })
})

describe('a link', () => {
  const viewOf = (name: string): string => `provscope://view?data=${encodeURIComponent(JSON.stringify({ provscopeView: 1, name, view: { chips: [{ filter: { status: 'ERROR' } }] } }))}`
  const brought = async (shell: Shell): Promise<unknown> => {
    const reply = await shell.call<{ brought: unknown[] }>('savedViews.take')
    return reply.ok ? reply.value.brought : []
  }
  const openLink = (path: string): string => `provscope://open?path=${encodeURIComponent(path)}`

  test('is Provscope’s only once it is installed', async () => {
    expect((await start()).electron.app.protocolClients).toEqual([])
    expect((await start({ packaged: true })).electron.app.protocolClients).toEqual([['provscope']])
    expect((await start({ packaged: true, platform: 'win32' })).electron.app.protocolClients).toEqual([['provscope', process.execPath, ['--']]])
  })

  test.each<[string, (shell: Shell, link: string) => void]>([
    ['the system, on macOS', ({ electron }, link) => {
      const event = new PreventableEvent()
      electron.app.emit('open-url', event, link)
      expect(event.defaultPrevented).toBe(true)
    }],
    ['another instance', ({ electron }, link) => void electron.app.emit('second-instance', {}, [], '', { named: [], links: [link], sample: false })]
  ])('to a view comes from %s; the page shows what it is, and nothing is opened', async (_from, send) => {
    const shell = await start()
    send(shell, viewOf('Failed'))
    await expect.poll(() => brought(shell)).toMatchObject([{ kind: 'view', from: 'a link', name: 'Failed' }])
    expect(shell.page.focused).toBe(1)
    expect([await openNames(shell), shell.electron.asked.dialogs]).toEqual([[], []])
  })

  test('to a view on the command line waits for the page', async () => {
    const shell = await start({ args: [viewOf('Mine')] })
    await expect.poll(() => brought(shell)).toMatchObject([{ name: 'Mine' }])
  })

  test('whose view is none is told', async () => {
    const shell = await start()
    shell.electron.app.emit('open-url', new PreventableEvent(), 'provscope://view?data=%7B"__proto__":1%7D')
    await expect.poll(() => brought(shell)).toMatchObject([{ kind: 'mistake' }])
  })

  test('to a file opens it only when a person has seen the path and said so', async () => {
    const shell = await start()
    shell.electron.answers.message.push(1, 0)
    for (let i = 0; i < 2; i++) {
      shell.electron.app.emit('open-url', new PreventableEvent(), openLink(sample))
      await expect.poll(() => shell.electron.asked.dialogs).toHaveLength(i + 1)
    }
    await expect.poll(() => openNames(shell)).toEqual(['weather_stations.jsonl'])
    expect(shell.electron.asked.dialogs).toMatchObject([1, 2].map(() => ({ kind: 'message', window: shell.page, options: { detail: sample, buttons: ['Open', 'Cancel'], defaultId: 1, cancelId: 1 } })))
  })

  test('that is hostile opens nothing, sends nothing, and asks at most once at a time', async () => {
    const shell = await start()
    let answer: (choice: number) => void = () => undefined
    shell.electron.answers.message.push(new Promise((resolve) => { answer = resolve }))
    for (const link of [openLink('/dev/zero'), openLink('/etc/../etc/passwd'), openLink('//server/share/x'), openLink('redis://evil.example/'), 'provscope://open?path=-', 'provscope://exec?cmd=calc', openLink('/no/such/file'), 'https://evil.example/', openLink(`${sample}\u202E`)]) {
      shell.electron.app.emit('open-url', new PreventableEvent(), link)
    }
    await expect.poll(() => shell.said().match(/A link was not followed/g)).toHaveLength(9)
    expect(shell.electron.asked.dialogs).toHaveLength(1)
    answer(0)
    expect([await openNames(shell), await brought(shell), shell.electron.asked.opened]).toEqual([[], [], []])
  })

  test('gives the window no way to the network', async () => {
    const shell = await start({ args: [viewOf('x')] })
    for (const url of ['provscope://view', 'provscope://open?path=/etc/passwd']) {
      expect(shell.electron.session.reaches(url)).toBe(false)
      expect(await shell.page.webContents.navigate(url)).toBe(false)
      expect(shell.page.webContents.opens(url)).toBe(false)
    }
  })
})

describe('a file of a view', () => {
  test('is shown as one, whether it is named, dropped or opened by the system; it is no source', async () => {
    const electron = new StandInElectron()
    const path = join(electron.folder, 'failed.provscope-view.json')
    writeFileSync(path, JSON.stringify({ provscopeView: 1, name: 'Failed', view: {} }))
    const shell = await start({ electron, args: [path] })
    const taken = async (): Promise<unknown> => {
      const reply = await shell.call<{ brought: unknown[] }>('savedViews.take')
      return reply.ok ? reply.value.brought : []
    }
    await expect.poll(taken).toMatchObject([{ kind: 'view', from: 'failed.provscope-view.json', name: 'Failed' }])
    const file = {}
    electron.paths.set(file, path)
    shell.page.drop([file])
    await expect.poll(taken).toHaveLength(1)
    electron.app.emit('open-file', new PreventableEvent(), path)
    await expect.poll(taken).toHaveLength(1)
    expect([await openNames(shell), electron.asked.recent]).toEqual([[], []])
  })
})

describe('on macOS', () => {
  const mac = { platform: 'darwin' } as const
  const flat = (items: MenuItem[]): MenuItem[] => items.flatMap((item) => [item, ...flat(item.submenu ?? [])])

  test('the window and the menu follow its habits', async () => {
    const { page, electron } = await start(mac)
    expect(page.options).toMatchObject({ titleBarStyle: 'hiddenInset' })
    expect(flat(electron.menu).map(({ role }) => role)).toEqual(expect.arrayContaining(['appMenu', 'recentDocuments', 'clearRecentDocuments', 'windowMenu', 'close']))
    electron.nativeTheme.emit('updated')
    expect(page.overlay).toBeNull()
  })

  test('the app outlives its window, and opens one for what is opened then', async () => {
    const shell = await start(mac)
    shell.page.close()
    expect(shell.electron.app.exited).toBe(false)
    shell.electron.answers.open.push([sample])
    flat(shell.electron.menu).find(({ label }) => label === 'Open file…')?.click?.()
    await expect.poll(() => openNames(shell)).toEqual(['weather_stations.jsonl'])
    expect(shell.electron.asked.dialogs[0]?.window).toBeNull()
    expect(shell.electron.windows).toHaveLength(1)
  })
})

describe('a page that stops', () => {
  test('comes back to the same address, and is told so', async () => {
    const { page, said } = await start()
    await page.webContents.load(`${pageUrl}?a=1#view`)
    page.webContents.crash('oom')
    await expect.poll(() => page.webContents.getURL()).toBe(`${pageUrl}?a=1&recovered=1#view`)
    expect(said()).toContain('The page stopped (oom).')
  })

  test('again and again gives way to one that says so, with a way back', async () => {
    const { page } = await start()
    for (let crash = 1; crash <= 4; crash++) {
      page.webContents.crash('crashed')
      await expect.poll(() => page.webContents.loaded).toHaveLength(crash + 1)
    }
    const last = page.webContents.loaded.at(-1)
    expect(last).toMatchObject({ url: 'provscope-app://page/stopped', status: 200 })
    expect(last?.text).toContain(`href="${pageUrl}"`)
    expect(last?.text).not.toContain('<script')
    expect(await page.webContents.navigate(pageUrl)).toBe(true)
  })

  test('because it was closed does not come back', async () => {
    const { page } = await start()
    page.webContents.crash('clean-exit')
    await new Promise((later) => setTimeout(later, 20))
    expect(page.webContents.loaded).toHaveLength(1)
  })

  test('answering may be loaded again', async () => {
    const { page, electron } = await start()
    electron.answers.message.push(1)
    page.emit('unresponsive')
    await expect.poll(() => page.webContents.killed).toBe(1)
    await expect.poll(() => page.webContents.getURL()).toContain('recovered=1')
  })

  test('answering may be waited for', async () => {
    const { page, electron } = await start()
    electron.answers.message.push(0)
    page.emit('unresponsive')
    await expect.poll(() => electron.asked.dialogs).toHaveLength(1)
    await new Promise((later) => setTimeout(later, 20))
    expect(page.webContents.killed).toBe(0)
  })

  test('answering for a while only takes the question back', async () => {
    const { page, electron } = await start()
    electron.answers.message.push(new Promise(() => undefined))
    page.emit('unresponsive')
    await expect.poll(() => electron.asked.dialogs).toHaveLength(1)
    page.emit('responsive')
    await new Promise((later) => setTimeout(later, 20))
    expect(page.webContents.killed).toBe(0)
    expect(page.listenerCount('responsive')).toBe(0)
  })
})

describe('an engine that stops', () => {
  test('is started again with what was open, under the same ids, and the page is told to read everything anew', async () => {
    const shell = await start({ args: [sample] })
    const ids = async (): Promise<string[]> => {
      const reply = await shell.call<{ sources: { sourceId: string; state: string }[] }>('sources.list')
      return reply.ok ? reply.value.sources.map(({ sourceId, state }) => `${sourceId} ${state}`) : []
    }
    await expect.poll(ids).toEqual([expect.stringContaining('ready')])
    const known = await ids()
    const before = await shell.call<{ cursor: string }>('changes.next')
    const cursor = before.ok ? before.value.cursor : ''
    const waiting = shell.call('changes.next', { cursor, waitMs: 30_000 })
    shell.electron.engines[0]?.child.kill('SIGKILL')
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'unavailable' } })
    expect(await shell.call('changes.next', { cursor })).toMatchObject({ ok: true, value: { reset: true } })
    await expect.poll(ids).toEqual(known)
    expect(await shell.call('session.left', { pageId: 'w1' })).toMatchObject({ ok: true, value: { brokeOff: true, restored: 1, sources: [] } })
    expect(shell.said()).toContain('The engine ended unexpectedly')
  })
})

describe('passwords', () => {
  const secret = 'corr3ct-horse'
  const url = 'redis://alice@login02/0/interception'
  const kept = async (shell: Shell): Promise<unknown> => {
    const reply = await shell.call('secrets.state', { address: url })
    return reply.ok ? reply.value : reply
  }
  const attached = async (shell: Shell): Promise<unknown> => (await fakeCalls(shell)).at(-1)?.params

  test('are kept by the system’s secret store when they have worked, and added for the engine; the page never gets one', async () => {
    const shell = await start({ engineModule: fakeEngine() })
    expect(await kept(shell)).toEqual({ canKeep: true, why: null, kept: false })
    expect(await shell.call('live.attach', { url, password: secret, keepPassword: true })).toMatchObject({ ok: true })
    expect(await kept(shell)).toEqual({ canKeep: true, why: null, kept: true })
    const replies = [await shell.call('live.attach', { url }), await shell.call('secrets.state', { address: url }), await shell.call('sources.list')]
    expect(await attached(shell)).toMatchObject({ url, password: secret })
    expect(JSON.stringify(replies)).not.toContain(secret)
    const config = join(shell.electron.folder, 'config')
    expect(readdirSync(config)).toEqual(['secrets.json'])
    expect(readFileSync(join(config, 'secrets.json'), 'latin1')).not.toContain(secret)
    expect(statSync(join(config, 'secrets.json')).mode & 0o777).toBe(0o600)
    expect(shell.said()).not.toContain(secret)
    await shell.call('secrets.forget', { address: url })
    await shell.call('live.attach', { url })
    expect(await attached(shell)).not.toHaveProperty('password')
  })

  test.each<[string, (shell: Shell) => void, ShellOptions, RegExp]>([
    ['the store would use a key that everybody knows', ({ electron }) => { electron.safeStorage.backend = 'basic_text' }, {}, /^Neither GNOME Keyring nor KWallet is running here/],
    ['there is no store', ({ electron }) => { electron.safeStorage.available = false }, {}, /^The system’s secret store cannot be used here/],
    ['there is no store on macOS', ({ electron }) => { electron.safeStorage.available = false }, { platform: 'darwin' }, /^The system’s secret store cannot be used here/]
  ])('stay in memory where %s', async (_why, arrange, options, sentence) => {
    const shell = await start({ engineModule: fakeEngine(), ...options })
    arrange(shell)
    await shell.call('live.attach', { url, password: secret, keepPassword: true })
    expect(await kept(shell)).toEqual({ canKeep: false, why: expect.stringMatching(sentence), kept: true })
    expect(await shell.call('live.attach', { url })).toMatchObject({ ok: true })
    expect(await attached(shell)).toMatchObject({ password: secret })
    expect(readdirSync(shell.electron.folder, { recursive: true }).filter((name) => String(name).includes('secrets'))).toEqual([])
  })
})

describe.skipIf(!hasRedis())(hasRedis() ? 'a queue with a password' : noRedis, () => {
  test('is attached to, and again without typing it; the password is nowhere to be found', async () => {
    const secret = 'corr3ct-horse-battery'
    const redis = await startRedis(['--requirepass', secret])
    const shell = await start()
    try {
      const link = async (): Promise<unknown> => {
        const reply = await shell.call<{ sources: { live: { link: { name: string } } }[] }>('sources.list')
        return reply.ok ? reply.value.sources.map(({ live }) => live.link.name) : reply
      }
      expect(await shell.call('live.attach', { url: redis.url })).toMatchObject({ ok: false })
      expect(await shell.call('live.attach', { url: redis.url, password: secret, keepPassword: true })).toMatchObject({ ok: true })
      await expect.poll(link).toEqual(['live'])
      await expect.poll(() => shell.call('secrets.state', { address: redis.url })).toMatchObject({ value: { canKeep: true, kept: true } })
      // As the next start would: the engine that knew it is gone.
      shell.electron.engines[0]?.child.kill('SIGKILL')
      await expect.poll(() => shell.electron.engines).toHaveLength(2)
      expect(await shell.call('live.test', { url: redis.url })).toMatchObject({ ok: true, value: { error: null } })
      expect(await shell.call('live.attach', { url: redis.url })).toMatchObject({ ok: true })
      await expect.poll(link).toEqual(['live'])
      const replies = [await shell.call('sources.list'), await shell.call('recents.list'), await shell.call('problems.list'), await shell.call('live.settings')]
      expect(JSON.stringify(replies)).not.toContain(secret)
      const config = join(shell.electron.folder, 'config')
      const kept = readdirSync(config, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      expect(kept.map(({ name }) => name)).toEqual(expect.arrayContaining(['secrets.json', 'recents.json']))
      for (const { name, parentPath } of kept) expect(readFileSync(join(parentPath, name), 'latin1'), name).not.toContain(secret)
      expect(shell.said()).not.toContain(secret)
    } finally {
      await redis.stop()
    }
  })
})

describe('quitting while something is recorded', () => {
  const finishing = 'Finishing the recording'
  const windowOf = ({ electron }: Shell): StandInWindow | undefined => electron.windows.find(({ options }) => String(options['title']).startsWith(finishing))

  test('waits until it is written, and says so', async () => {
    const engineModule = fakeEngine()
    const shell = await start({ engineModule })
    await shell.call('fake.record')
    shell.electron.app.quit()
    await expect.poll(() => windowOf(shell)?.webContents.loaded[0]?.text).toContain(finishing)
    expect(windowOf(shell)?.webContents.loaded[0]).toMatchObject({ url: 'provscope-app://page/finishing', status: 200 })
    expect(windowOf(shell)?.options['webPreferences']).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false })
    // The same wish by another way, as a terminal's Ctrl+C comes twice.
    expect(shell.electron.app.exited).toBe(false)
    shell.electron.app.emit('activate')
    expect(shell.electron.windows).toHaveLength(1)
    writeFileSync(`${engineModule}.written`, '')
    await shell.electron.app.untilExit()
    expect(shell.electron.windows).toEqual([])
  })

  test('a second time ends at once, but not one that comes with the first', async () => {
    const shell = await start({ engineModule: fakeEngine() })
    await shell.call('fake.record')
    shell.electron.app.quit()
    shell.electron.app.quit()
    await expect.poll(() => windowOf(shell)).toBeDefined()
    expect(shell.electron.app.exited).toBe(false)
    await expect.poll(() => {
      shell.electron.app.quit()
      return shell.electron.app.exited
    }).toBe(true)
  })

  test('closing the window that says so ends at once', async () => {
    const shell = await start({ platform: 'darwin', engineModule: fakeEngine() })
    await shell.call('fake.record')
    shell.electron.app.quit()
    await expect.poll(() => windowOf(shell)).toBeDefined()
    windowOf(shell)?.close()
    await shell.electron.app.untilExit()
  })
})

describe('the app', () => {
  test('is one instance: another one hands over what it was to open, and goes', async () => {
    const shell = await startShell({ firstInstance: false, args: ['a.jsonl', '--sample'] })
    running.push(shell)
    expect(shell.electron.asked.lock).toEqual({ named: [join(process.cwd(), 'a.jsonl')], links: [], sample: true })
    expect(shell.electron.app.exited).toBe(true)
    expect(shell.electron.windows).toEqual([])
  })

  test('quits with its last window, after the engine has put its files away', async () => {
    const { page, electron } = await start()
    page.close()
    await electron.app.untilExit()
    expect(electron.windows).toEqual([])
  })

  test('opens its window again when it is activated without one', async () => {
    const shell = await start()
    shell.electron.app.emit('activate')
    expect(shell.electron.windows).toHaveLength(1)
    shell.page.destroy()
    shell.electron.app.emit('activate')
    expect((await shell.window()).webContents.getURL()).toBe(pageUrl)
  })

  test('pays no heed to a development server that nobody has started', async () => {
    const { page } = await start({ env: { ELECTRON_RENDERER_URL: 'http://localhost:5173/' } })
    expect(page.webContents.getURL()).toBe(pageUrl)
  })

  test.each(['https://example.org/', 'http://localhost.example.org/', 'http://127.0.0.1.example.org/'])('nor to one elsewhere: %s', async (url) => {
    const { page } = await start({ env: { ELECTRON_RENDERER_URL: url, NODE_ENV_ELECTRON_VITE: 'development' } })
    expect(page.webContents.getURL()).toBe(pageUrl)
  })

  test('nor, once packaged, to any', async () => {
    const { page } = await start({ packaged: true, env: { ELECTRON_RENDERER_URL: 'http://localhost:5173/', NODE_ENV_ELECTRON_VITE: 'development' } })
    expect(page.webContents.getURL()).toBe(pageUrl)
  })

  test('in development reaches that server and its own tools, and nothing else', async () => {
    const electron = new StandInElectron()
    electron.protocols.set('http', () => new Response('page'))
    const { page } = await start({ electron, env: { ELECTRON_RENDERER_URL: 'http://localhost:5173/', NODE_ENV_ELECTRON_VITE: 'development' } })
    expect(page.webContents.getURL()).toBe('http://localhost:5173/')
    expect(['http://localhost:5173/a.ts', 'ws://localhost:5173/', 'devtools://devtools/x'].map((url) => electron.session.reaches(url))).toEqual([true, true, true])
    expect(['http://localhost:5174/', 'https://example.org/'].map((url) => electron.session.reaches(url))).toEqual([false, false])
    expect(await page.webContents.navigate('http://localhost:5174/')).toBe(false)
    expect(page.options['webPreferences']).toMatchObject({ devTools: true })
    expect(electron.menu.flatMap((item) => item.submenu ?? []).map(({ role }) => role)).toContain('toggleDevTools')
  })

  test('tells when its page cannot be loaded', async () => {
    const { electron, said } = await start()
    electron.protocols.delete('provscope-app')
    const [page] = electron.windows
    page?.webContents.crash('crashed')
    await expect.poll(said).toContain('The page did not come back')
  })
})

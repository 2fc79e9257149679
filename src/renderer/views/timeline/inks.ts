/** The tokens as a canvas needs them: colours read once for each theme, and hatches as patterns. */

const names = ['content', 'panel', 'text', 'text-2', 'text-3', 'line', 'line-2', 'line-3', 'grid', 'area', 'bar', 'bar-2', 'hist', 'accent', 'on-accent', 'accent-tint', 'run', 'run-fill', 'run-tint', 'wait', 'wait-fill', 'warn-tint', 'sub', 'sub-fill', 'err', 'err-fill', 'unk', 'unk-fill'] as const
type Name = (typeof names)[number]
type Hatch = CanvasPattern | string
export type Inks = Record<Name, string> & { fonts: { small: string; strong: string }; gap: Hatch; running: Hatch; unseen: Hatch }

/** Chosen by the person for everything: then only these few colours, and shapes tell the rest. */
const forced: Partial<Record<Name, string>> = {
  content: 'Canvas', panel: 'Canvas', text: 'CanvasText', 'text-2': 'CanvasText', 'text-3': 'CanvasText', line: 'GrayText', 'line-2': 'GrayText', 'line-3': 'CanvasText', grid: 'Canvas', area: 'Canvas', bar: 'Canvas', 'bar-2': 'CanvasText', hist: 'CanvasText',
  accent: 'Highlight', 'on-accent': 'HighlightText', 'accent-tint': 'Canvas', run: 'CanvasText', 'run-fill': 'CanvasText', 'run-tint': 'Canvas', wait: 'CanvasText', 'wait-fill': 'CanvasText', 'warn-tint': 'Canvas', sub: 'CanvasText', 'sub-fill': 'GrayText', err: 'CanvasText', 'err-fill': 'CanvasText', unk: 'CanvasText', 'unk-fill': 'GrayText'
}

export function readInks(isForced: boolean, dpr: number): Inks {
  const style = getComputedStyle(document.documentElement)
  const colours = Object.fromEntries(names.map((name) => [name, (isForced ? forced[name] : undefined) ?? style.getPropertyValue(`--${name}`).trim()])) as Record<Name, string>
  const family = style.getPropertyValue('--font-ui')
  return {
    ...colours,
    fonts: { small: `420 11px ${family}`, strong: `520 11px ${family}` },
    gap: hatch(colours['warn-tint'], colours['wait'], 6, 2.2, 0.62, dpr),
    running: hatch(colours['run-tint'], colours['run-fill'], 5, 2.4, 1, dpr),
    unseen: hatch(null, colours['line-2'], 5, 1.4, 1, dpr)
  }
}

/** Strokes of 45° that meet at the edges of the tile, `apartPx` from one to the next. */
function hatch(ground: string | null, stroke: string, apartPx: number, strokePx: number, opacity: number, dpr: number): Hatch {
  const size = Math.round(apartPx * Math.SQRT2 * dpr)
  const tile = new OffscreenCanvas(size, size)
  const context = tile.getContext('2d')
  if (!context) return stroke
  if (ground !== null) {
    context.fillStyle = ground
    context.fillRect(0, 0, size, size)
  }
  context.globalAlpha = opacity
  context.strokeStyle = stroke
  context.lineWidth = strokePx * dpr
  context.lineCap = 'square'
  for (const offset of [-size, 0, size]) {
    context.beginPath()
    context.moveTo(offset, size)
    context.lineTo(offset + size, 0)
    context.stroke()
  }
  const pattern = context.createPattern(tile, 'repeat')
  pattern?.setTransform(new DOMMatrix().scale(1 / dpr))
  return pattern ?? stroke
}

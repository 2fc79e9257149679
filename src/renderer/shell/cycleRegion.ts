/** F6: moves the focus from one region of the window to the next, to where its focus last was or its first control. */

const focusable = 'a[href],button:not(:disabled),input:not(:disabled),textarea:not(:disabled),select:not(:disabled),[tabindex]:not([tabindex="-1"])'
const remembered = new WeakMap<Element, HTMLElement>()

export function cycleRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((region) => firstIn(region) !== null)
  const active = document.activeElement
  const at = regions.findIndex((region) => region.contains(active))
  const from = regions[at]
  if (from && active instanceof HTMLElement) remembered.set(from, active)
  const to = regions[at === -1 ? (step === 1 ? 0 : regions.length - 1) : (at + step + regions.length) % regions.length]
  if (!to) return
  const before = remembered.get(to)
  const target = before?.isConnected && to.contains(before) ? before : firstIn(to)
  target?.focus()
}

/** In a region of tabs or rows the one that Tab would reach. */
const firstIn = (region: HTMLElement): HTMLElement | null => [...region.querySelectorAll<HTMLElement>(focusable)].find((element) => element.tabIndex >= 0 && element.checkVisibility()) ?? null

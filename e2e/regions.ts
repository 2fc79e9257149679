/** The parts of the window by role and name, as specs speak of them. */
import { expect, type Locator, type Page } from '@playwright/test'

export const status = (page: Page): Locator => page.getByRole('contentinfo', { name: 'Status' })
export const filterBar = (page: Page): Locator => page.getByRole('group', { name: 'Filter, shared by all views' })
export const inspector = (page: Page): Locator => page.getByRole('complementary', { name: 'Inspector' })
export const problems = (page: Page): Locator => page.getByRole('region', { name: /^Problems/ })
export const tree = (page: Page): Locator => page.getByRole('tree')
export const exportButton = (page: Page): Locator => filterBar(page).getByRole('button', { name: /^Export/ })
/** The row of an open source in the navigator. */
export const sourceRow = (page: Page, name: string): Locator => page.getByRole('list', { name: 'Sources' }).getByRole('button', { name: new RegExp(`^${escaped(name)}`) })
/** A condition, or the navigator's node, in the filter bar. */
export const chip = (page: Page, name: string): Locator => filterBar(page).getByRole('group', { name, exact: true })
/** A part of the Overview. */
export const card = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true })

export async function openView(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name }).click()
  await expect(page.getByRole('tab', { name })).toHaveAttribute('aria-selected', 'true')
}

/** Waits until everything was read: `15 of 15 tasks`. */
export async function expectCounts(page: Page, matching: number, total: number, records = 'tasks'): Promise<void> {
  await expect(status(page)).toContainText(`${grouped(matching)} of ${grouped(total)} ${total === 1 ? records.slice(0, -1) : records}`)
}

export const grouped = (n: number): string => n.toLocaleString('en-US')
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

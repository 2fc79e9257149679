/** The table as a person reads it: columns by name, cells by row number and column. */
import { expect, type Locator, type Page } from '@playwright/test'
import { openView } from './regions.ts'

export const grid = (page: Page): Locator => page.getByRole('grid')
export const header = (page: Page, column: string): Locator => grid(page).locator(`[role=columnheader][data-column="${column}"]`)
/** @param number as shown at its left, from 1 */
export const row = (page: Page, number: number): Locator => grid(page).locator(`[role=row][aria-rowindex="${number + 1}"]`)

export async function openTable(page: Page): Promise<void> {
  await openView(page, 'Table')
  await expect(grid(page)).toHaveAttribute('aria-busy', 'false')
  await expect(grid(page).getByRole('gridcell').first()).toBeVisible()
}

/** All cells of a column that are drawn, from the top. */
export async function cellsOf(page: Page, column: string): Promise<Locator> {
  await header(page, column).waitFor()
  return grid(page).locator(`[role=gridcell][data-column="${column}"]`)
}

export async function cell(page: Page, number: number, column: string): Promise<Locator> {
  await header(page, column).waitFor()
  return row(page, number).locator(`[role=gridcell][data-column="${column}"]`)
}

/** Names of the columns in sight, from the left. */
export const columnNames = (page: Page): Promise<string[]> => grid(page).locator('[role=columnheader][data-column]').evaluateAll((heads) => heads.map((head) => head.getAttribute('data-column') ?? ''))

/** What the cursor stands on. */
export async function activeCell(page: Page): Promise<Locator> {
  const id = await grid(page).getAttribute('aria-activedescendant')
  return page.locator(`[id="${id}"]`)
}

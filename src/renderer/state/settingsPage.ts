/** Which part of the settings is open. */
import { create } from 'zustand'
import type { SettingGroup } from '#contract/settingList'
import { workbench } from './workbench.ts'

export type SettingsPage = SettingGroup | 'Flowcept'
export const settingsPage = create<{ page: SettingsPage }>()(() => ({ page: 'Appearance' }))

/** @param page without one, that of last time */
export function openSettings(page?: SettingsPage): void {
  if (page !== undefined) settingsPage.setState({ page })
  workbench.getState().setDialog('settings')
}

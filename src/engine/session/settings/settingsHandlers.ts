/** Settings: the handlers of their methods, and of the values that the page remembers. */
import type { Handlers } from '#contract/dispatch'
import { Refusal } from '#contract/reply'
import { isSettingKey, type SettingKey, settingOf } from '#contract/settingList'
import type { SettingState } from '#contract/settings'
import type { Services } from '../handlers.ts'
import { flowceptShown } from './flowceptShown.ts'

export function settingsHandlers({ grants, live, prefs }: Services) {
  const stateOf = async (key: SettingKey): Promise<SettingState> => {
    const state = (await prefs.list()).settings.find((one) => one.key === key)
    if (!state) throw new Refusal('not-found', `There is no setting ${key}.`)
    return state
  }
  return {
    'settings.list': () => prefs.list(),
    'settings.set': async ({ key, value, handle }) => {
      const state = await stateOf(key)
      if (state.origin === 'environment') throw new Refusal('bad-request', `${state.where} of the environment says what ${settingOf(key).title.toLowerCase()} is; it is changed there.`)
      if (handle !== undefined) await prefs.setSetting(key, grants.path(handle, 'write'))
      else if (namesFolder(key) && value !== null) throw new Refusal('bad-request', 'A folder is chosen in a dialog.')
      else await prefs.setSetting(key, value)
      return stateOf(key)
    },
    'settings.reset': async ({ key }) => {
      await prefs.reset(key ?? null)
      return {}
    },
    'settings.flowcept': () => flowceptShown(live.flowcept()),
    'prefs.get': async ({ key }) => ({ value: await prefs.get(key) }),
    'prefs.set': async ({ key, value }) => {
      if (isSettingKey(key) && namesFolder(key) && typeof value === 'string') throw new Refusal('bad-request', 'A folder is chosen in a dialog.')
      await prefs.set(key, value)
      return {}
    }
  } satisfies Partial<Handlers>
}

/** Pages never name paths. */
const namesFolder = (key: SettingKey): boolean => settingOf(key).control.kind === 'folder'

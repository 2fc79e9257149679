/** A part of what the drawing tells; the component renders when that part changes, not with every frame. */
import { useSyncExternalStore } from 'react'
import type { Scene, View } from './Scene.ts'

export const useView = <T>(scene: Scene, select: (view: View) => T): T => useSyncExternalStore(scene.subscribe, () => select(scene.view))

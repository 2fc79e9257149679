import type { Plugin } from 'vite'

export type AboutPackage = { name: string; version: string; licence: string; where: string; home: string | null; text: number | null }
export type About = { version: string; commit: string | null; texts: string[]; packages: AboutPackage[] }
export function about(root: string, bundled: Iterable<string>): About
export function aboutPlugin(root: string): Plugin

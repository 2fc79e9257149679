/** What an export in the list is, and how far. */
import type { ExportJob } from '#contract/exports'

export const isRunning = ({ state }: Pick<ExportJob, 'state'>): boolean => state === 'writing' || state === 'checking'
export const isStoreJob = ({ kind }: Pick<ExportJob, 'kind'>): boolean => kind === 'mongodb' || kind === 'lmdb'

export type StoreFigures = NonNullable<ExportJob['store']>
export const sumOf = ({ task, workflow, agent, object }: StoreFigures['total']): number => task + workflow + agent + object

/** Tending buffer files: the handlers of its methods. A page names no file: it passes plans, which are made here of what a granted folder holds. */
import { randomBytes } from 'node:crypto'
import { basename, dirname, join, resolve } from 'node:path'
import type { Handlers } from '#contract/dispatch'
import { Refusal } from '#contract/reply'
import type { Services } from '../handlers.ts'
import { findBuffers } from './bufferFiles.ts'
import { consolidate } from './consolidate.ts'

type Plan = { readonly base: string; readonly workflowId: string }

/** Plans kept; who looks through thousands of folders begins anew. */
const mostPlans = 10_000

export function buffersHandlers({ grants, live, startFolder }: Pick<Services, 'grants' | 'live' | 'startFolder'>) {
  const plans = new Map<string, Plan>()
  const known = new Map<string, string>()
  const planOf = (plan: Plan): string => {
    const key = JSON.stringify([plan.base, plan.workflowId])
    const name = known.get(key) ?? randomBytes(18).toString('base64url')
    if (plans.size >= mostPlans) {
      plans.clear()
      known.clear()
    }
    known.set(key, name)
    plans.set(name, plan)
    return name
  }
  return {
    'buffers.find': async ({ handle, name }, { signal }) => {
      const settled = resolve(startFolder, live.flowcept().dumpBuffer.path)
      const file = name ?? basename(settled)
      if (/[/\\\0]/.test(file) || file === '.' || file === '..') throw new Refusal('bad-request', 'The name of a buffer has no slashes.')
      const base = join(handle === undefined ? dirname(settled) : grants.path(handle), file)
      const { folder, runs, unclear } = await findBuffers(base, signal)
      return {
        path: folder,
        name: file,
        runs: runs.map(({ files, joined, target, workflowId }) => ({ plan: planOf({ base, workflowId }), workflowId, target, joined: joined && shown(joined), files: files.map(shown) })),
        unclear: unclear.map((one) => ({ ...one }))
      }
    },
    'buffers.consolidate': async ({ deleting, dryRun, plan }, { signal }) => {
      const planned = plans.get(plan)
      if (planned === undefined) throw new Refusal('not-found', 'These buffers were not looked for in this session: look for them again.')
      const { files, target, unclear, ...figures } = await consolidate({ ...planned, dryRun, cleanup: deleting, signal })
      return { ...figures, path: target, handle: grants.grant(target, 'read'), files: files.map((file) => ({ ...file })), unclear: unclear.map((one) => ({ ...one })) }
    }
  } satisfies Partial<Handlers>
}

function shown<F extends { path: string }>({ path: _path, ...rest }: F): Omit<F, 'path'> {
  return rest
}

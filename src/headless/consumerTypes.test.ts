/** What types/provscope.d.ts declares, held against what the package exports: a difference does not compile. */
import { expect, test } from 'vitest'
import type * as declared from '../../types/provscope.d.ts'
import * as exported from './consumer.ts'

/** Public members only: a class with private ones is no subtype of one without. */
type Instance<C extends abstract new (...args: never[]) => unknown> = { [K in keyof InstanceType<C>]: InstanceType<C>[K] }
type Same<T, _ extends T> = T

type Checked = [
  Same<Instance<typeof declared.BaseConsumer>['state'], Instance<typeof exported.BaseConsumer>['state']>,
  Same<Instance<typeof declared.BaseConsumer>['messageHandler'], Instance<typeof exported.BaseConsumer>['messageHandler']>,
  Same<Instance<typeof declared.BaseConsumer>['stop'], Instance<typeof exported.BaseConsumer>['stop']>,
  Same<Instance<typeof declared.BaseConsumer>['ended'], Instance<typeof exported.BaseConsumer>['ended']>,
  Same<ConstructorParameters<typeof exported.BaseConsumer>, ConstructorParameters<typeof declared.BaseConsumer>>,
  Same<Parameters<Instance<typeof exported.BaseConsumer>['start']>, Parameters<Instance<typeof declared.BaseConsumer>['start']>>,
  Same<typeof declared.classify, typeof exported.classify>,
  Same<typeof declared.recordId, typeof exported.recordId>,
  Same<typeof declared.mergeRecord, typeof exported.mergeRecord>,
  Same<typeof declared.parseJson, typeof exported.parseJson>,
  Same<typeof declared.stringifyJson, typeof exported.stringifyJson>,
  Same<typeof declared.openMessagePublisher, typeof exported.openMessagePublisher>
]

test('every value that is declared is exported, and the other way round', () => {
  const values: Record<Exclude<keyof typeof declared, never>, true> = {
    BaseConsumer: true, DocumentInserter: true, JsonSyntaxError: true, Refusal: true, classify: true, defaultInserterSettings: true, mergeRecord: true,
    openJsonlStore: true, openLmdbStore: true, openMessagePublisher: true, openMongoStore: true, parseJson: true, recordId: true, stringifyJson: true
  }
  expect(Object.keys(exported).toSorted()).toEqual(Object.keys(values).toSorted())
  const checked: Checked | null = null
  expect(checked).toBeNull()
})

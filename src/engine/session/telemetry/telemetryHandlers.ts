/** Telemetry: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import type { AskTable } from '../askTable.ts'
import type { Services } from '../handlers.ts'
import { forgetRules, keepRule, keptRules } from './keptRules.ts'
import { telemetryDistribution, telemetryHistogram } from './telemetryDistribution.ts'
import { telemetryMetrics, telemetryStats } from './telemetryMetrics.ts'
import { telemetryOutliers } from './telemetryOutliers.ts'
import { telemetryPoints } from './telemetryPoints.ts'
import { telemetryRules } from './telemetryRules.ts'
import { telemetryGroups, telemetrySeries } from './telemetrySeries.ts'

export function telemetryHandlers(of: AskTable, { prefs }: Pick<Services, 'prefs'>) {
  return {
    'telemetry.metrics': of<'telemetry.metrics'>(telemetryMetrics),
    'telemetry.stats': of<'telemetry.stats'>(telemetryStats),
    'telemetry.groups': of<'telemetry.groups'>(telemetryGroups),
    'telemetry.series': of<'telemetry.series'>(telemetrySeries),
    'telemetry.distribution': of<'telemetry.distribution'>(telemetryDistribution),
    'telemetry.histogram': of<'telemetry.histogram'>(telemetryHistogram),
    'telemetry.outliers': of<'telemetry.outliers'>(telemetryOutliers),
    'telemetry.points': of<'telemetry.points'>(telemetryPoints),
    'telemetry.rules': of<'telemetry.rules'>(async (table, { scope }, signal) => telemetryRules(table, scope, await keptRules(prefs), signal)),
    'telemetry.setRule': async (params) => {
      await keepRule(prefs, params)
      return {}
    },
    'telemetry.resetRules': async () => {
      await forgetRules(prefs)
      return {}
    }
  } satisfies Partial<Handlers>
}

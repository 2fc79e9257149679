/** Shapes of the telemetry view: any captured number over time, by host and activity, outliers, critical-task rules. */

export const telemetryMethods = {} as const

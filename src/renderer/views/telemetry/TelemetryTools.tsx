/** What stands at the end of the tab row while Telemetry is open. */
export function TelemetryTools() {
  return null
}

/** Fields of a task that hold a dict of values by name and are merged key by key. */
export const dictFields = ['used', 'generated', 'custom_metadata', 'telemetry_at_start', 'telemetry_at_end'] as const

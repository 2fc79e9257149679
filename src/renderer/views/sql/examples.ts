/** Queries to begin with. Each needs only columns that Flowcept always captures, or says what it needs. */
export type Example = {
  readonly name: string
  readonly text: string
  /** Columns of tasks without which it makes no sense. */
  readonly needs: readonly string[]
}

export const examples: readonly Example[] = [
  {
    name: 'Duration by activity',
    needs: ['activity_id', 'duration', 'status'],
    text: `SELECT activity_id,
       count(*) AS tasks,
       count(*) FILTER (status = 'ERROR') AS errors,
       median(duration) AS p50_s,
       quantile_cont(duration, 0.95) AS p95_s
FROM tasks
GROUP BY ALL
ORDER BY p50_s DESC NULLS LAST`
  },
  {
    name: 'Slowest tasks against their activity',
    needs: ['activity_id', 'duration'],
    text: `SELECT task_id, activity_id, duration,
       duration / median(duration) OVER (PARTITION BY activity_id) AS times_median
FROM tasks
ORDER BY times_median DESC NULLS LAST
LIMIT 100`
  },
  {
    name: 'Errors per host',
    needs: ['hostname', 'status'],
    text: `SELECT hostname,
       count(*) FILTER (status = 'ERROR') AS errors,
       count(*) AS tasks,
       round(100 * errors / tasks, 1) AS percent
FROM tasks
GROUP BY ALL
ORDER BY errors DESC, tasks DESC`
  },
  {
    name: 'Tasks and time per workflow',
    needs: ['workflow_id', 'duration'],
    text: `SELECT w.name, t.workflow_id,
       count(*) AS tasks,
       sum(t.duration) AS busy_s,
       max(t.ended_at) - min(t.started_at) AS span_s
FROM tasks t
LEFT JOIN workflows w USING (workflow_id)
GROUP BY ALL
ORDER BY busy_s DESC NULLS LAST`
  },
  {
    name: 'Tasks started per minute',
    needs: ['started_at'],
    text: `SELECT date_trunc('minute', to_timestamp(started_at)) AS minute,
       count(*) AS tasks
FROM tasks
WHERE started_at IS NOT NULL
GROUP BY minute
ORDER BY minute`
  },
  { name: 'What there is to ask', needs: [], text: 'SUMMARIZE tasks' }
]

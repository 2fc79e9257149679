-- Provenance in PostgreSQL: the merged record as it is, and the fields that one looks for as columns computed from it.

CREATE OR REPLACE FUNCTION flowcept_time(seconds jsonb) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN jsonb_typeof(seconds) = 'number' AND (seconds #>> '{}')::numeric BETWEEN 0 AND 253402300799 THEN to_timestamp((seconds #>> '{}')::float8) END
$$;

CREATE TABLE IF NOT EXISTS workflows (
  workflow_id        text COLLATE "C" PRIMARY KEY,
  document           jsonb NOT NULL,
  parent_workflow_id text GENERATED ALWAYS AS (document ->> 'parent_workflow_id') STORED,
  campaign_id        text GENERATED ALWAYS AS (document ->> 'campaign_id') STORED,
  name               text GENERATED ALWAYS AS (document ->> 'name') STORED,
  status             text GENERATED ALWAYS AS (document ->> 'status') STORED,
  started_at         timestamptz GENERATED ALWAYS AS (flowcept_time(document -> 'started_at')) STORED,
  ended_at           timestamptz GENERATED ALWAYS AS (flowcept_time(document -> 'ended_at')) STORED
);
CREATE INDEX IF NOT EXISTS workflows_campaign ON workflows (campaign_id);
CREATE INDEX IF NOT EXISTS workflows_parent ON workflows (parent_workflow_id);

CREATE TABLE IF NOT EXISTS agents (
  agent_id      text COLLATE "C" PRIMARY KEY,
  document      jsonb NOT NULL,
  name          text GENERATED ALWAYS AS (document ->> 'name') STORED,
  registered_at timestamptz GENERATED ALWAYS AS (flowcept_time(document -> 'registered_at')) STORED
);

-- No foreign keys: messages come in any order, a task before its parent, its workflow and its agent.
CREATE TABLE IF NOT EXISTS tasks (
  task_id         text COLLATE "C" PRIMARY KEY,
  document        jsonb NOT NULL,
  workflow_id     text GENERATED ALWAYS AS (document ->> 'workflow_id') STORED,
  campaign_id     text GENERATED ALWAYS AS (document ->> 'campaign_id') STORED,
  parent_task_id  text GENERATED ALWAYS AS (document ->> 'parent_task_id') STORED,
  group_id        text GENERATED ALWAYS AS (document ->> 'group_id') STORED,
  agent_id        text GENERATED ALWAYS AS (document ->> 'agent_id') STORED,
  source_agent_id text GENERATED ALWAYS AS (document ->> 'source_agent_id') STORED,
  activity_id     text GENERATED ALWAYS AS (document ->> 'activity_id') STORED,
  subtype         text GENERATED ALWAYS AS (document ->> 'subtype') STORED,
  status          text GENERATED ALWAYS AS (document ->> 'status') STORED,
  hostname        text GENERATED ALWAYS AS (document ->> 'hostname') STORED,
  submitted_at    timestamptz GENERATED ALWAYS AS (flowcept_time(document -> 'submitted_at')) STORED,
  started_at      timestamptz GENERATED ALWAYS AS (flowcept_time(document -> 'started_at')) STORED,
  ended_at        timestamptz GENERATED ALWAYS AS (flowcept_time(document -> 'ended_at')) STORED,
  used            jsonb GENERATED ALWAYS AS (document -> 'used') STORED,
  generated       jsonb GENERATED ALWAYS AS (document -> 'generated') STORED
);
CREATE INDEX IF NOT EXISTS tasks_workflow ON tasks (workflow_id, started_at);
CREATE INDEX IF NOT EXISTS tasks_campaign ON tasks (campaign_id);
CREATE INDEX IF NOT EXISTS tasks_parent ON tasks (parent_task_id);
CREATE INDEX IF NOT EXISTS tasks_agent ON tasks (agent_id);
CREATE INDEX IF NOT EXISTS tasks_activity ON tasks (activity_id, status);
CREATE INDEX IF NOT EXISTS tasks_used ON tasks USING gin (used jsonb_path_ops);
CREATE INDEX IF NOT EXISTS tasks_generated ON tasks USING gin (generated jsonb_path_ops);

CREATE TABLE IF NOT EXISTS objects (
  object_id   text COLLATE "C" PRIMARY KEY,
  document    jsonb NOT NULL,
  workflow_id text GENERATED ALWAYS AS (document ->> 'workflow_id') STORED,
  task_id     text GENERATED ALWAYS AS (document ->> 'task_id') STORED,
  object_type text GENERATED ALWAYS AS (document ->> 'object_type') STORED
);
CREATE INDEX IF NOT EXISTS objects_workflow ON objects (workflow_id);

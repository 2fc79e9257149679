/** Flowcept's settings that say where provenance goes: each key of the file, its environment variable, and what holds where neither is set. */
import type { JsonObject, JsonValue } from '#contract/json'

export type SettingKind = 'text' | 'integer' | 'number' | 'boolean'
export type SettingKey = {
  readonly key: string
  /** Flowcept reads no variable for many keys, passwords among them. */
  readonly variable: string | null
  readonly kind: SettingKind
  readonly fallback: JsonValue
  readonly isSecret?: boolean
  /** Unless the file has this section, Flowcept looks at neither its keys nor their variables. */
  readonly needs?: string
}

/** What Flowcept takes for a section that the file lacks, and for all of them where there is no file. */
export const defaultSections: JsonObject = {
  project: { dump_buffer: { enabled: true }, enrich_messages: false },
  mq: { enabled: false },
  kv_db: { enabled: false },
  sys_metadata: {},
  db_buffer: {},
  databases: { mongodb: { enabled: false }, lmdb: { enabled: false } }
}

const mongodb = 'databases.mongodb'
const lmdb = 'databases.lmdb'
const text = (key: string, variable: string | null, fallback: string | null, more: Partial<SettingKey> = {}): SettingKey => ({ key, variable, kind: 'text', fallback, ...more })
const integer = (key: string, variable: string | null, fallback: number, more: Partial<SettingKey> = {}): SettingKey => ({ key, variable, kind: 'integer', fallback, ...more })
const number = (key: string, fallback: number | null): SettingKey => ({ key, variable: null, kind: 'number', fallback })
const boolean = (key: string, variable: string | null, fallback: boolean, more: Partial<SettingKey> = {}): SettingKey => ({ key, variable, kind: 'boolean', fallback, ...more })

export const settingKeys = [
  boolean('mq.enabled', 'MQ_ENABLED', true),
  text('mq.type', 'MQ_TYPE', 'redis'),
  text('mq.host', 'MQ_HOST', 'localhost'),
  integer('mq.port', 'MQ_PORT', 6379),
  text('mq.uri', 'MQ_URI', null),
  text('mq.channel', 'MQ_CHANNEL', 'interception'),
  text('mq.username', 'MQ_USERNAME', 'guest'),
  text('mq.password', null, null, { isSecret: true }),
  text('mq.vhost', 'MQ_VHOST', '/'),
  text('mq.group_id', 'MQ_GROUP_ID', 'auto'),
  boolean('mq.same_as_kvdb', null, false),
  integer('mq.buffer_size', null, 1),
  number('mq.insertion_buffer_time_secs', 1),
  integer('mq.chunk_size', null, -1),
  boolean('kv_db.enabled', null, false),
  text('kv_db.host', 'KVDB_HOST', 'localhost'),
  integer('kv_db.port', 'KVDB_PORT', 6379),
  text('kv_db.uri', 'KVDB_URI', null),
  text('kv_db.password', null, null, { isSecret: true }),
  boolean('databases.mongodb.enabled', 'MONGO_ENABLED', false, { needs: mongodb }),
  text('databases.mongodb.uri', 'MONGO_URI', null, { needs: mongodb }),
  text('databases.mongodb.host', 'MONGO_HOST', 'localhost', { needs: mongodb }),
  integer('databases.mongodb.port', 'MONGO_PORT', 27017, { needs: mongodb }),
  text('databases.mongodb.db', null, 'flowcept', { needs: mongodb }),
  boolean('databases.mongodb.create_collection_index', null, true, { needs: mongodb }),
  boolean('databases.lmdb.enabled', 'LMDB_ENABLED', false, { needs: lmdb }),
  text('databases.lmdb.path', 'LMDB_PATH', 'flowcept_lmdb', { needs: lmdb }),
  number('db_buffer.insertion_buffer_time_secs', null),
  integer('db_buffer.buffer_size', null, 50),
  boolean('db_buffer.remove_empty_fields', null, false),
  integer('db_buffer.stop_max_trials', null, 240),
  number('db_buffer.stop_trials_sleep', 0.01),
  text('project.db_flush_mode', 'DB_FLUSH_MODE', 'offline'),
  boolean('project.enrich_messages', null, true),
  // Where nothing sets it, it is on in the offline mode only: see flowceptSettings.ts.
  boolean('project.dump_buffer.enabled', 'DUMP_BUFFER', true),
  text('project.dump_buffer.path', null, 'flowcept_buffer.jsonl'),
  boolean('project.dump_buffer.append_workflow_id_to_path', null, false),
  boolean('project.dump_buffer.append_id_to_path', null, false),
  boolean('project.dump_buffer.delete_previous_file', null, true),
  text('sys_metadata.environment_id', null, null),
  text('sys_metadata.sys_name', null, null),
  text('sys_metadata.node_name', null, null),
  text('sys_metadata.login_name', null, null),
  text('sys_metadata.public_ip', null, null),
  text('sys_metadata.private_ip', null, null)
] as const satisfies readonly SettingKey[]

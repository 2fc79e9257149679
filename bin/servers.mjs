/**
 * The servers that tests start for themselves, on free ports, and what is missing of them. `node bin/servers.mjs --install` installs
 * what it can with apt-get, and fails with a sentence for each that is still missing.
 */
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { aptInstall } from './aptInstall.mjs'

const root = dirname(import.meta.dirname)
const debianPostgres = '/usr/lib/postgresql'
/** Some of Debian's servers lie where only root looks for commands. */
const folders = () => [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].filter((folder) => folder !== '')
const has = (command) => folders().some((folder) => existsSync(join(folder, command)))
const hasPostgres = () => has('postgres') || (existsSync(debianPostgres) && readdirSync(debianPostgres).some((version) => existsSync(join(debianPostgres, version, 'bin', 'initdb'))))

/** Fetched once with Maven by the test that needs it. */
function fetched(name) {
  const cache = process.env.XDG_CACHE_HOME ? join(process.env.XDG_CACHE_HOME, 'provscope') : join(root, 'node_modules', '.cache', 'provscope')
  return existsSync(cache) && readdirSync(cache).some((entry) => entry.startsWith(`${name}-`) && !entry.endsWith('.lock'))
}
const runsJava = (name) => has('java') && (has('mvn') || fetched(name))
const java = ['default-jdk-headless', 'maven']

const servers = [
  { name: 'Redis', present: () => has('redis-server'), needs: 'redis-server on the PATH', packages: ['redis-server'] },
  { name: 'RabbitMQ', present: () => has('rabbitmq-server'), needs: 'rabbitmq-server on the PATH', packages: ['rabbitmq-server'] },
  { name: 'PostgreSQL', present: hasPostgres, needs: `postgres on the PATH or in ${debianPostgres}`, packages: ['postgresql'] },
  { name: 'MongoDB', present: () => has('mongod') || runsJava('mongo-java-server'), needs: 'mongod on the PATH, or Java and Maven to fetch mongo-java-server with', packages: java },
  // They are large: nobody who did not ask for them has them fetched.
  { name: 'Kafka', present: () => process.env.PROVSCOPE_KAFKA === '1' && runsJava('kafka'), needs: 'Java, Maven, and PROVSCOPE_KAFKA=1 to fetch it with', packages: java },
  { name: 'Neo4j', present: () => runsJava('neo4j-harness') && (fetched('neo4j-harness') || process.env.PROVSCOPE_NEO4J === '1'), needs: 'Java 17 or later, Maven, and PROVSCOPE_NEO4J=1 to fetch it with (150 MB)', packages: java }
]

/** In continuous integration the large ones are wanted too. */
export function wantAll() {
  process.env.PROVSCOPE_KAFKA ??= '1'
  process.env.PROVSCOPE_NEO4J ??= '1'
}

/** @returns {string[]} a sentence for each that is missing */
export function missingServers() {
  return servers.filter(({ present }) => !present()).map(({ name, needs }) => `There is no ${name} for the tests: that needs ${needs}.`)
}

/** What is missing, as far as Debian has it. */
export function installServers() {
  const packages = new Set(servers.filter(({ present }) => !present()).flatMap((server) => server.packages))
  if (packages.size > 0) aptInstall(...packages)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.env.CI === 'true') wantAll()
  if (process.argv.includes('--install')) installServers()
  const missing = missingServers()
  for (const sentence of missing) process.stderr.write(`${sentence}\n`)
  process.exitCode = missing.length > 0 ? 1 : 0
}

/** A real Kafka (one node, KRaft) on loopback and free ports; its jars are fetched once with Maven, when PROVSCOPE_KAFKA=1 asks for it. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildOnce, cacheFolder, freePort } from './mongo.ts'
import { hasCommand, ServerProcess } from './serverProcess.ts'

export type KafkaServer = {
  readonly port: number
  /** `kafka://127.0.0.1:<port>` */
  readonly url: string
  kill(): Promise<void>
  start(): Promise<void>
  /** Ends it and removes its files. */
  stop(): Promise<void>
}

const version = '3.9.1'

export function hasKafka(): boolean {
  return process.env['PROVSCOPE_KAFKA'] === '1' && hasCommand('java') && (existsSync(jarFolder()) || hasCommand('mvn'))
}

/** Why there is nothing to test with, and how there could be. */
export const noKafka = 'no Kafka: set PROVSCOPE_KAFKA=1 where Java and Maven are'

export async function startKafka(): Promise<KafkaServer> {
  buildOnce(jarFolder(), fetchJars)
  const folder = mkdtempSync(join(tmpdir(), 'provscope-kafka-'))
  const [port, controllerPort] = [await freePort(), await freePort()]
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(folder, 'logs'),
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'num.partitions': '1',
    'auto.create.topics.enable': 'true'
  }
  const file = join(folder, 'server.properties')
  writeFileSync(file, Object.entries(settings).map(([key, value]) => `${key}=${value}\n`).join(''))
  const java = ['-Xmx384m', '-cp', join(jarFolder(), '*')]
  const formatted = spawnSync('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', 'cHJvdnNjb3BlLXRlc3QtMQ', '-c', file], { encoding: 'utf8', cwd: folder })
  if (formatted.status !== 0) throw new Error(`Kafka's folder could not be made: ${(formatted.stderr + formatted.stdout).slice(-2000)}`)
  const server = new ServerProcess({ file: 'java', args: [...java, 'kafka.Kafka', file], port, cwd: folder, startMs: 110_000 })
  await server.start()
  return {
    port,
    url: `kafka://127.0.0.1:${port}`,
    kill: async () => await server.end(),
    start: async () => await server.start(),
    async stop() {
      await server.end()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

const jarFolder = (): string => join(cacheFolder(), `kafka-${version}`)

function fetchJars(folder: string): void {
  const work = mkdtempSync(join(tmpdir(), 'kafka-'))
  const dependency = (group: string, artifact: string, wanted: string): string => `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${wanted}</version></dependency>`
  const dependencies = dependency('org.apache.kafka', 'kafka_2.13', version) + dependency('org.slf4j', 'slf4j-nop', '1.7.36')
  writeFileSync(join(work, 'pom.xml'), `<project><modelVersion>4.0.0</modelVersion><groupId>server</groupId><artifactId>server</artifactId><version>1</version><dependencies>${dependencies}</dependencies></project>`)
  const jars = `${folder}.new`
  rmSync(jars, { recursive: true, force: true })
  const result = spawnSync('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`], { cwd: work, encoding: 'utf8' })
  if (result.status !== 0) throw new Error(`mvn failed: ${result.error?.message ?? (result.stderr + result.stdout).slice(-3000)}`)
  renameSync(jars, folder)
  rmSync(work, { recursive: true })
}

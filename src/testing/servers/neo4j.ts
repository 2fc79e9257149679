/** A real Neo4j (its own test harness, fetched once with Maven, some 150 MB) on loopback and a free port, without a password. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accepts, buildOnce, cacheFolder, freePort, hasCommand, run } from './mongo.ts'

export type Neo4jServer = {
  readonly url: string
  /** Ends it and removes its records. */
  stop(): Promise<void>
}

const version = '5.26.0'
/** It has many classes to load. */
const startMs = 240_000

/** Why there is nothing to test with, and how there could be. */
export const noNeo4j = 'no Neo4j: set PROVSCOPE_NEO4J=1 where Java 17 and Maven are, to fetch one'

/** True in continuous integration whatever there is, so that a missing server is a failure there. */
export function hasNeo4j(): boolean {
  if (process.env['CI'] === 'true') return true
  return hasCommand('java') && (existsSync(jarsFolder()) || (process.env['PROVSCOPE_NEO4J'] === '1' && hasCommand('mvn')))
}

export async function startNeo4j(): Promise<Neo4jServer> {
  buildOnce(jarsFolder(), fetchJars)
  const data = mkdtempSync(join(tmpdir(), 'provscope-neo4j-'))
  const port = await freePort()
  // It ends with the process that started it, however that ends: its standard input does.
  const child = spawn('java', ['-Xmx512m', '-cp', join(jarsFolder(), '*'), join(jarsFolder(), 'Serve.java'), String(port), data], { stdio: ['pipe', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (part: Buffer) => {
    said = (said + part.toString()).slice(-2000)
  })
  await accepts(port, child, () => said, startMs)
  return {
    url: `bolt://127.0.0.1:${port}`,
    async stop() {
      const exit = child.exitCode === null ? new Promise((resolve) => child.once('exit', resolve)) : null
      child.stdin.end()
      await exit
      rmSync(data, { recursive: true, force: true })
    }
  }
}

const jarsFolder = (): string => join(cacheFolder(), `neo4j-harness-${version}`)

const serve = `import java.nio.file.Path;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.harness.Neo4j;
import org.neo4j.harness.Neo4jBuilders;

public class Serve {
  public static void main(String[] arguments) throws Exception {
    Neo4j server = Neo4jBuilders.newInProcessBuilder(Path.of(arguments[1]))
      .withDisabledServer()
      .withConfig(BoltConnector.listen_address, new SocketAddress("127.0.0.1", Integer.parseInt(arguments[0])))
      .build();
    while (System.in.read() != -1) { }
    server.close();
  }
}
`

function fetchJars(folder: string): void {
  const work = mkdtempSync(join(tmpdir(), 'neo4j-harness-'))
  const dependency = `<dependency><groupId>org.neo4j.test</groupId><artifactId>neo4j-harness</artifactId><version>${version}</version></dependency>`
  writeFileSync(join(work, 'pom.xml'), `<project><modelVersion>4.0.0</modelVersion><groupId>server</groupId><artifactId>server</artifactId><version>1</version><dependencies>${dependency}</dependencies></project>`)
  const jars = `${folder}.new`
  rmSync(jars, { recursive: true, force: true })
  run('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`], work)
  writeFileSync(join(jars, 'Serve.java'), serve)
  renameSync(jars, folder)
  rmSync(work, { recursive: true })
}

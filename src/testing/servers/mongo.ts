/**
 * Real servers that speak MongoDB's protocol, on loopback and a free port: `mongod` if it is on the PATH; else mongo-java-server (fetched
 * once with Maven, records in memory) and, where PROVSCOPE_FERRETDB=1 asks for it, FerretDB (built once with Go, some minutes; records in
 * SQLite): together they have what mongod has.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'

export type MongoFlavour = 'mongod' | 'ferretdb' | 'mongo-java-server'

export type MongoServer = {
  readonly flavour: MongoFlavour
  readonly uri: string
  /** Ends it as a power cut does, but keeps its records and its port. */
  kill(): Promise<void>
  start(): Promise<void>
  /** Ends it and removes its records. */
  stop(): Promise<void>
}

const ferretVersion = 'v1.24.2'
const javaServerVersion = '1.47.0'

/** What can be started here; what has to be fetched or built is, the first time. Empty where nothing can. */
export function mongoFlavours(): MongoFlavour[] {
  if (hasCommand('mongod')) return ['mongod']
  const found: MongoFlavour[] = []
  if (process.env['PROVSCOPE_FERRETDB'] === '1') {
    buildOnce(ferretBinary(), buildFerret)
    found.push('ferretdb')
  }
  if (whyNoJavaServer() === null) found.push('mongo-java-server')
  return found
}

/** Stands in a test file for those that have no server to run on: skipped with a sentence, failed where CI=true. */
export function testWithoutMongo(): void {
  const sentence = `no MongoDB server: mongod is not on the PATH, and ${whyNoJavaServer() ?? 'mongo-java-server was not asked for'}`
  test.skipIf(process.env['CI'] !== 'true')(sentence, () => {
    throw new Error(sentence)
  })
}

let javaServer: { readonly missing: string | null } | null = null

function whyNoJavaServer(): string | null {
  javaServer ??= { missing: fetchedJavaServer() }
  return javaServer.missing
}

function fetchedJavaServer(): string | null {
  if (!hasCommand('java')) return 'there is no Java to run mongo-java-server with'
  if (existsSync(javaFolder())) return null
  if (!hasCommand('mvn')) return 'there is no Maven to fetch mongo-java-server with'
  try {
    buildOnce(javaFolder(), fetchJavaServer)
    return null
  } catch (error) {
    return `mongo-java-server could not be fetched: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** Again on another port where something else took the first one meanwhile. */
export async function startMongo(flavour: MongoFlavour): Promise<MongoServer> {
  for (let left = 2; ; left--) {
    try {
      return await startOnce(flavour)
    } catch (error) {
      if (left === 0) throw error
    }
  }
}

async function startOnce(flavour: MongoFlavour): Promise<MongoServer> {
  const folder = mkdtempSync(join(tmpdir(), `${flavour}-`))
  const port = await freePort()
  const command = commandOf(flavour, port, folder)
  let child: ChildProcess | null = null
  const server: MongoServer = {
    flavour,
    uri: `mongodb://127.0.0.1:${port}/`,
    async start() {
      child = spawn(command.file, command.args, { stdio: ['pipe', 'ignore', 'pipe'] })
      let said = ''
      child.stderr?.on('data', (data: Buffer) => {
        said = (said + data.toString()).slice(-2000)
      })
      await accepts(port, child, () => said)
    },
    async kill() {
      const running = child
      child = null
      if (!running || hasEnded(running)) return
      const ended = new Promise((resolve) => running.once('exit', resolve))
      running.kill('SIGKILL')
      await ended
    },
    async stop() {
      await server.kill()
      rmSync(folder, { recursive: true, force: true })
    }
  }
  try {
    await server.start()
    return server
  } catch (error) {
    await server.stop()
    throw error
  }
}

function commandOf(flavour: MongoFlavour, port: number, folder: string): { file: string; args: string[] } {
  if (flavour === 'mongod') return { file: 'mongod', args: ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--quiet'] }
  if (flavour === 'ferretdb') return { file: ferretBinary(), args: [`127.0.0.1:${port}`, folder] }
  return { file: 'java', args: ['-Xmx512m', '-cp', join(javaFolder(), '*'), join(javaFolder(), 'Serve.java'), String(port)] }
}

export function cacheFolder(): string {
  const folder = process.env.XDG_CACHE_HOME ? join(process.env.XDG_CACHE_HOME, 'provscope') : join(import.meta.dirname, '../../../node_modules/.cache/provscope')
  mkdirSync(folder, { recursive: true })
  return folder
}

function ferretBinary(): string {
  return join(cacheFolder(), `ferretdb-${ferretVersion}`)
}

function javaFolder(): string {
  return join(cacheFolder(), `mongo-java-server-${javaServerVersion}`)
}

/** Test files run in several processes: one builds, the others wait. */
export function buildOnce(path: string, build: (path: string) => void): void {
  const lock = `${path}.lock`
  while (!existsSync(path)) {
    try {
      mkdirSync(lock)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      // A builder that was killed leaves its lock.
      if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 900_000) rmdirSync(lock)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
      continue
    }
    try {
      build(path)
    } finally {
      rmdirSync(lock)
    }
  }
}

/** FerretDB's own command wants files that only its release process makes, so this is a command around its package. */
const ferretMain = `package main

import (
	"context"
	"io"
	"log/slog"
	"os"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	server, err := ferretdb.New(&ferretdb.Config{
		Listener: ferretdb.ListenerConfig{TCP: os.Args[1]}, Logger: logger, Handler: "sqlite", SQLiteURL: "file:" + os.Args[2] + "/",
	})
	if err != nil {
		logger.Error(err.Error())
		os.Exit(1)
	}
	// It ends with the process that started it, however that ends.
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	server.Run(context.Background())
}
`

function buildFerret(binary: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'ferretdb-build-'))
  writeFileSync(join(folder, 'go.mod'), `module server\n\ngo 1.22\n\nrequire github.com/FerretDB/FerretDB ${ferretVersion}\n`)
  writeFileSync(join(folder, 'main.go'), ferretMain)
  // -mod=mod finds the other modules by the versions that FerretDB names, and checks them against the checksum database.
  run('go', ['build', '-mod=mod', '-o', join(folder, 'server'), '.'], folder)
  run('mv', [join(folder, 'server'), `${binary}.new`], folder)
  renameSync(`${binary}.new`, binary)
  rmSync(folder, { recursive: true })
}

/** It says that it is MongoDB 5 in all but the number by which drivers know a server's age. */
const javaMain = `import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.List;

public class Serve {
  public static void main(String[] arguments) throws Exception {
    MongoVersion version = new MongoVersion() {
      @Override public int getWireVersion() { return 13; }
      @Override public List<Integer> getVersionArray() { return ServerVersion.MONGO_5_0.getVersionArray(); }
    };
    MongoServer server = new MongoServer(new MemoryBackend().version(version));
    server.bind("127.0.0.1", Integer.parseInt(arguments[0]));
    while (System.in.read() != -1) { }
    server.shutdownNow();
  }
}
`

function fetchJavaServer(folder: string): void {
  const work = mkdtempSync(join(tmpdir(), 'mongo-java-server-'))
  const dependency = (group: string, artifact: string, version: string): string => `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`
  const dependencies = dependency('de.bwaldvogel', 'mongo-java-server', javaServerVersion) + dependency('org.slf4j', 'slf4j-nop', '1.7.36')
  writeFileSync(join(work, 'pom.xml'), `<project><modelVersion>4.0.0</modelVersion><groupId>server</groupId><artifactId>server</artifactId><version>1</version><dependencies>${dependencies}</dependencies></project>`)
  const jars = `${folder}.new`
  rmSync(jars, { recursive: true, force: true })
  run('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`], work)
  writeFileSync(join(jars, 'Serve.java'), javaMain)
  renameSync(jars, folder)
  rmSync(work, { recursive: true })
}

export function run(file: string, args: string[], cwd: string): void {
  const result = spawnSync(file, args, { cwd, encoding: 'utf8' })
  if (result.status !== 0) throw new Error(`${file} ${args[0]} failed: ${result.error?.message ?? (result.stderr + result.stdout).slice(-3000)}`)
}

export function hasCommand(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0
}

export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

export async function accepts(port: number, child: ChildProcess, said: () => string, startMs = 60_000): Promise<void> {
  const deadline = Date.now() + startMs
  for (;;) {
    if (hasEnded(child)) throw new Error(`The server ended with ${child.signalCode ?? `code ${child.exitCode}`}: ${said()}`)
    if (Date.now() > deadline) throw new Error(`The server does not listen on port ${port}: ${said()}`)
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true))
      socket.once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

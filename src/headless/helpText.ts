/** Parts of `--help` that several commands have. */

export const examples = (...lines: string[]): string => `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`

export const queueHelp = "a queue's address, such as redis://user@host:6379/interception or amqp://host/%2F/interception; rediss and amqps with TLS"

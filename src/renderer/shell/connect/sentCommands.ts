/** The commands that attaching sends to a broker, as they will be sent; the ones that were stand in the source's state. */
import type { QueueFields } from '../../state/queueUrl.ts'

export function sentCommands({ broker, user, database, channel }: QueueFields, hasPassword: boolean): string[] {
  if (broker === 'redis') {
    const account = hasPassword || user !== '' ? `AUTH ${user || 'default'} (password) ` : ''
    return [
      `HELLO 2 ${account}SETNAME provscope`,
      ...(database !== '' && Number(database) !== 0 ? [`SELECT ${Number(database)}`] : []),
      `${isPattern(channel) ? 'PSUBSCRIBE' : 'SUBSCRIBE'} ${channel}`
    ]
  }
  if (broker === 'rabbitmq') {
    return [
      `connection.start-ok ${user || 'guest'} (password)`,
      `connection.open ${database || '/'}`,
      `exchange.declare ${channel} (passive)`,
      `exchange.declare ${channel} (fanout, durable), if it is missing`,
      'queue.declare (exclusive, auto-delete)',
      `queue.bind ${channel}`,
      'basic.consume (no-ack)'
    ]
  }
  return [`Fetch ${channel}`]
}

/** Redis' glob signs. */
const isPattern = (channel: string): boolean => /[*?[\\]/.test(channel)

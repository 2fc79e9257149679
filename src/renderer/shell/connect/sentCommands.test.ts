/** What the dialog says will be sent: the same that an intake tells it sent. */
import { expect, test } from 'vitest'
import { defaultFields } from '../../state/queueUrl.ts'
import { sentCommands } from './sentCommands.ts'

test('to Redis: a name, a login and a database where there are, one subscription', () => {
  expect(sentCommands(defaultFields, false)).toEqual(['HELLO 2 SETNAME provscope', 'SUBSCRIBE interception'])
  expect(sentCommands({ ...defaultFields, user: 'ann', database: '3', channel: 'facility_*' }, true)).toEqual(['HELLO 2 AUTH ann (password) SETNAME provscope', 'SELECT 3', 'PSUBSCRIBE facility_*'])
  expect(sentCommands({ ...defaultFields, database: '00' }, true)).toEqual(['HELLO 2 AUTH default (password) SETNAME provscope', 'SUBSCRIBE interception'])
})

test('to RabbitMQ: a queue of our own, bound to the exchange', () => {
  expect(sentCommands({ ...defaultFields, broker: 'rabbitmq', database: '/' }, false)).toEqual([
    'connection.start-ok guest (password)',
    'connection.open /',
    'exchange.declare interception (passive)',
    'exchange.declare interception (fanout, durable), if it is missing',
    'queue.declare (exclusive, auto-delete)',
    'queue.bind interception',
    'basic.consume (no-ack)'
  ])
})

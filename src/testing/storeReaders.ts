/** What is in a store, as readers that are not ours give it: pymongo, py-lmdb, and Flowcept's own queries, compared with JSON Lines. */
import { readerSettings, runFlowcept, withoutTables } from './flowceptPython.ts'
import { runPython } from './python.ts'

/** By collection: how many records there are, and differences in words, none if all is as it should be. */
export type Differences = Readonly<Record<string, { readonly records: number; readonly differences: readonly string[] }>>
/** What a collection should hold: JSON Lines, and the field that tells the records apart. */
export type Wanted = { readonly collection: string; readonly id: string; readonly path: string }

/** Equal value by value, and kind of number by kind: times of MongoDB are dates to the millisecond, what BSON cannot hold is near. */
const compare = `
import datetime, json, math, sys
sys.set_int_max_str_digits(0)
TIMES = {"started_at", "ended_at", "submitted_at", "registered_at", "utc_timestamp"}
def plain(value):
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=datetime.timezone.utc).timestamp()
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value
def same(found, wanted, near):
    if isinstance(wanted, dict):
        return isinstance(found, dict) and found.keys() == wanted.keys() and all(same(found[key], wanted[key], near) for key in wanted)
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(same(*pair, near) for pair in zip(found, wanted))
    if isinstance(wanted, float) and math.isnan(wanted):
        return isinstance(found, float) and math.isnan(found)
    if near and isinstance(wanted, int) and not isinstance(wanted, bool) and abs(wanted) >= 2 ** 63:
        return found == float(wanted)
    if near and isinstance(wanted, str) and any("\\ud800" <= letter <= "\\udfff" for letter in wanted):
        return isinstance(found, str)
    # A float without a fraction is an integer in BSON, as JavaScript has it.
    return (type(found) == type(wanted) or (near and not isinstance(wanted, bool) and isinstance(found, (int, float)))) and found == wanted
def differences(found, wanted, near, ignored=()):
    result = []
    for identity in found.keys() ^ wanted.keys():
        result.append(f"{identity} is only {'there' if identity in found else 'wanted'}")
    for identity in found.keys() & wanted.keys():
        for name in (found[identity].keys() | wanted[identity].keys()) - set(ignored):
            one, other = plain(found[identity].get(name)), wanted[identity].get(name)
            if near and name in TIMES and isinstance(other, (int, float)):
                if not isinstance(one, (int, float)) or abs(one - other) >= 0.0011:
                    result.append(f"{identity} {name}: {one!r} is not {other!r}")
            elif not same(one, other, near):
                result.append(f"{identity} {name}: {one!r} is not {other!r}"[:300])
    return result
def tell(records_of, near, ignored=()):
    result = {}
    for wanted in json.loads(sys.argv[1]):
        with open(wanted["path"]) as lines:
            records = {str(record[wanted["id"]]): record for record in map(json.loads, lines)}
        found = records_of(wanted["collection"], wanted["id"])
        result[wanted["collection"]] = {"records": len(found), "differences": differences(found, records, near, ignored)}
    print(json.dumps(result))
`

export async function comparePymongo(uri: string, database: string, wanted: readonly Wanted[]): Promise<Differences> {
  const script = `${compare}
import pymongo
database = pymongo.MongoClient(sys.argv[2])[sys.argv[3]]
tell(lambda collection, name: {record[name]: record for record in database[collection].find({}, {"_id": 0, "_provscope": 0})}, True)`
  return (await runPython(script, [JSON.stringify(wanted), uri, database])) as unknown as Differences
}

export async function comparePyLmdb(folder: string, wanted: readonly Wanted[]): Promise<Differences> {
  const script = `${compare}
import lmdb
environment = lmdb.open(sys.argv[2], readonly=True, max_dbs=10, lock=False)
def records_of(collection, name):
    with environment.begin() as transaction:
        table = environment.open_db(collection.encode(), txn=transaction, create=False)
        return {key.decode(): json.loads(value) for key, value in transaction.cursor(db=table)}
tell(records_of, False)`
  return (await runPython(script, [JSON.stringify(wanted), folder])) as unknown as Differences
}

/** By `Flowcept.db.query`, which gives records as Flowcept itself sees them. */
export async function compareFlowcept(database: { lmdb: string } | { mongodb: string; name: string }, wanted: readonly Wanted[]): Promise<Differences> {
  const script = `${withoutTables}
${compare}
from flowcept import Flowcept
def records_of(collection, name):
    return {record[name]: {key: value for key, value in record.items() if key != "_id"} for record in Flowcept.db.query(filter={}, collection=collection) or []}
tell(records_of, ${'mongodb' in database ? 'True' : 'False'}, ["_provscope"])`
  return (await runFlowcept(readerSettings(database), script, [JSON.stringify(wanted)])) as unknown as Differences
}

/** Functions that Python code of a view defines for itself: what json, pandas and the drivers do not do as Provscope does. Each is written only where it is called. */
const readings = `
def objects(lines):
    """The messages among the lines; what is none is passed over, as in Provscope's list of problems."""
    for line in lines:
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if isinstance(message, dict):
            yield message
`

const kindOf = `
def kind_of(message):
    """What a message is about; those of old do not say."""
    if message.get("type") is not None:
        return message["type"]
    if "task_id" in message or "activity_id" in message:
        return "task"
    if "agent_id" in message:
        return "agent"
    return "workflow" if "name" in message or "environment_id" in message else None
`

const flat = `
def flat(record, above=""):
    """Cells by their dotted names, as json_normalize(sep=".") has them, but every number stays exact."""
    cells = {}
    for key, value in record.items():
        name = f"{above}.{key}" if above else key
        if isinstance(value, dict):
            cells.update(flat(value, name))
        else:
            cells[name] = value
    return cells
`

const at = `
def at(value, keys):
    """Every value that a path leads to, through lists too."""
    if not keys:
        return [value]
    if isinstance(value, list):
        if keys[0].isdigit():
            return at(value[int(keys[0])], keys[1:]) if int(keys[0]) < len(value) else []
        return [found for item in value if isinstance(item, dict) for found in at(item, keys)]
    if not isinstance(value, dict):
        return []
    names = [".".join(keys[:count]) for count in range(1, len(keys) + 1)]
    return [found for count, name in enumerate(names, 1) if name in value for found in at(value[name], keys[count:])]
`

const valuesOf = `
def values(record, path):
    """What a path leads to, and, where that is a list, what is in it."""
    found = at(record, path.split("."))
    return found + [item for value in found if isinstance(value, list) for item in value]
`

const same = `
def same(a, b):
    """Equal as MongoDB has it: True is not 1, NaN is NaN."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return isinstance(a, bool) == isinstance(b, bool) and (a == b or (a != a and b != b))
`

const equals = `
def equals(record, path, *wanted):
    return any(same(value, one) for value in values(record, path) for one in wanted)
`

const isNull = `
def is_null(record, path):
    """Null, missing, or a list with a null in it."""
    found = values(record, path)
    return any(value is None for value in found) or (not found and not meets_list(record, path.split(".")))


def meets_list(value, keys):
    if isinstance(value, list):
        return bool(keys)
    names = [".".join(keys[:count]) for count in range(1, len(keys) + 1)]
    return isinstance(value, dict) and any(name in value and meets_list(value[name], keys[count:]) for count, name in enumerate(names, 1))
`

const compares = `
def compares(record, path, sign, bound):
    """Numbers with numbers, text with text; NaN is in no order but with itself."""
    def kind(value):
        return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value)
    def holds(value):
        if value != value or bound != bound:
            return value != value and bound != bound and sign in (operator.ge, operator.le)
        return kind(value) == kind(bound) and not isinstance(value, (list, dict)) and sign(value, bound)
    return any(holds(value) for value in values(record, path) if value is not None)
`

const fits = `
def fits(record, path, pattern):
    return any(isinstance(value, str) and re.search(pattern, value) is not None for value in values(record, path))
`

const derive = `
def derive(task, name, pairs, which=0):
    """End minus start, where all of these are numbers."""
    def number(path):
        found = at(task, path.split("."))
        return float(found[0]) if found and isinstance(found[0], (int, float)) and not isinstance(found[0], bool) else None
    numbers = [(number(start), number(end)) for start, end in pairs]
    if all(start is not None and end is not None for start, end in numbers):
        task[name] = numbers[which][1] - numbers[which][0]
`

const contains = `
def contains(record, word, as_json):
    """In any field, whatever its case; what reads as a number also where a number equals it."""
    word = word.lower()
    number = word if re.fullmatch(r"[+-]?(\\d+(\\.\\d*)?|\\.\\d+)(e[+-]?\\d+)?", word) else None
    if number is not None:
        number = int(number) if re.fullmatch(r"[+-]?\\d+", number) else float(number)
    def holds(name, value):
        if value is None:
            return False
        if name in as_json or isinstance(value, list):
            text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).lower()
            return word in text or json.dumps(word, ensure_ascii=False)[1:-1] in text
        if isinstance(value, str):
            return word in value.lower()
        return number is not None and not isinstance(value, bool) and value == number
    return any(holds(name, value) for name, value in flat(record).items())
`

const inOrder = `
def in_order(records, column, descending=False):
    """By kind: numbers, NaN, text, booleans, lists; what is missing comes last in either direction."""
    stretches = [[] for _ in range(6)]
    for record in records:
        value = flat(record).get(column)
        if value is None:
            place = 5
        elif isinstance(value, bool):
            place = 3
        elif isinstance(value, (int, float)):
            place = 1 if value != value else 0
        else:
            place = 2 if isinstance(value, str) else 4
            value = value if place == 2 else json.dumps(value, separators=(",", ":"))
        stretches[place].append((value, record))
    for place, stretch in enumerate(stretches):
        if place not in (1, 5):
            stretch.sort(key=lambda pair: pair[0], reverse=descending)
    return [record for stretch in stretches for _, record in stretch]
`

/** Messages that were known by a moment: by the latest time that stands in each; one without, with the one before it in its file. */
const known = `
def known(messages, moment):
    """What was known then: each message by the latest time in it, one without a time with the one before."""
    is_known = True
    for message in messages:
        times = [message.get(name) for name in ("ended_at", "started_at", "submitted_at", "registered_at", "utc_timestamp")]
        times = [time for time in times if isinstance(time, (int, float)) and 946684800 <= time < 4102444800]
        if times:
            is_known = max(times) <= moment
        if is_known:
            yield message
`

const blocks = { objects: readings, kind_of: kindOf, known, flat, at, values: valuesOf, same, equals, is_null: isNull, compares, fits, contains, derive, in_order: inOrder } as const
export type PythonPart = keyof typeof blocks | 'merge'

const needs: Readonly<Partial<Record<PythonPart, readonly PythonPart[]>>> = {
  values: ['at'], equals: ['same', 'values'], is_null: ['values'], compares: ['values'], fits: ['values'], contains: ['flat'], derive: ['at'], in_order: ['flat'], merge: ['kind_of']
}
const modulesOf: Readonly<Partial<Record<PythonPart, readonly string[]>>> = { objects: ['json'], contains: ['json', 're'], fits: ['re'], compares: ['operator'], in_order: ['json'], merge: ['json'] }

/** The functions, each after those it calls, and the modules that they use. */
export function pythonParts(wanted: ReadonlySet<PythonPart>, merge: string): { text: string; modules: readonly string[] } {
  const all = new Set<PythonPart>()
  const add = (part: PythonPart): void => {
    for (const needed of needs[part] ?? []) add(needed)
    all.add(part)
  }
  for (const part of wanted) add(part)
  const order = [...Object.keys(blocks), 'merge'] as PythonPart[]
  const parts = order.filter((part) => all.has(part))
  return { text: parts.map((part) => (part === 'merge' ? merge : blocks[part])).map((text) => `\n${text.trim()}\n`).join('\n'), modules: [...new Set(parts.flatMap((part) => modulesOf[part] ?? []))] }
}

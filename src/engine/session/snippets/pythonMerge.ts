/** Python that makes records of messages as src/engine/records does. */
import type { Records } from '#contract/values'
import { singularOf } from './snippetView.ts'

/** A function that makes records of that kind from messages, as src/engine/records does. */
export function mergePart(records: Exclude<Records, 'messages'>): string {
  return records === 'tasks' ? mergeTasks : mergeOthers(singularOf[records])
}

const rank = `RANK = {"UNKNOWN": 1, "SUBMITTED": 2, "WAITING": 3, "RUNNING": 4, "ERROR": 6, "FINISHED": 6}  # any other: 5`

const mergeTasks = `
DICTS = ("used", "generated", "custom_metadata", "telemetry_at_start", "telemetry_at_end")
${rank}


def text(value):
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def id_of(message):
    """The task's id; that of a loop's iteration is its group's and its number."""
    if message.get("task_id") is not None:
        return text(message["task_id"])
    used, group = message.get("used"), message.get("group_id")
    number = used.get("i") if isinstance(used, dict) else None
    is_iteration = message.get("subtype", "iteration") == "iteration"
    return text(group) + text(number) if is_iteration and group is not None and number is not None else None


def as_task(message):
    """One message as Flowcept's inserter stores it: dicts where dicts belong, and a flag for its status."""
    task = {name: value for name, value in message.items() if name != "type"}
    used = task.get("used")
    workflow = used.get("workflow_id") if isinstance(used, dict) else None
    if task.get("workflow_id") is None and isinstance(workflow, str) and workflow:
        task["workflow_id"] = workflow
    if task.get("group_id") is not None and task.get("subtype") is None:
        task["subtype"] = "iteration"
    if task.get("finished") is True and not (isinstance(task.get("status"), str) and task["status"].upper() == "ERROR"):
        task["status"] = "FINISHED"
    for name in DICTS:
        if name in task:
            value = task.pop(name)
            if not isinstance(value, dict):
                value = {f"arg{i}": item for i, item in enumerate(value if isinstance(value, list) else [value])}
            value = {key: item for key, item in value.items() if item != {}}
            if value:
                task[name] = value
    status = task.get("status")
    if isinstance(status, str):
        status = task["status"] = status.upper() if status.upper() in RANK else status
        flag = status.lower()
        is_free = task.get(flag) is None or isinstance(task[flag], bool) if status in RANK else flag not in task and flag not in (*DICTS, "task_id", "workflow_id", "campaign_id", "status", "type")
        if is_free:
            task[flag] = True
    return task


def merge(messages):
    """One task of all messages of its id: later values win, null erases nothing, a status only goes forward."""
    tasks = {}
    for number, message in enumerate(messages):
        if kind_of(message) != "task":
            continue
        name_of_it = id_of(message) or f"message {number}"
        task = tasks.setdefault(name_of_it, {"task_id": name_of_it})
        for name, value in as_task(message).items():
            old = task.get(name)
            if name == "task_id":
                continue
            if isinstance(old, dict) and isinstance(value, dict) and name in DICTS:
                old.update({key: item for key, item in value.items() if item is not None or key not in old})
            elif old is None:
                task[name] = value
            elif name == "status":
                ranks = [RANK.get(one, 5) if isinstance(one, str) else 0 for one in (old, value)]
                task[name] = old if value is None or ranks[1] < ranks[0] else value
            elif name.upper() in RANK and isinstance(value, bool):
                task[name] = old or value if isinstance(old, bool) else old
            elif value is not None:
                task[name] = value
    return list(tasks.values())
`

function mergeOthers(kind: string): string {
  const union = `            elif name == "interceptor_ids":
                both = [*(old if isinstance(old, list) else [old]), *(value if isinstance(value, list) else [value])]
                record[name] = [one for at, one in enumerate(both) if one not in both[:at]]
`
  return `
${rank}


def merge(messages):
    """One ${kind} of all messages of its id: later values win, null erases nothing, a status only goes forward."""
    records = {}
    for number, message in enumerate(messages):
        if kind_of(message) != "${kind}":
            continue
        id = message.get("${kind}_id")
        id = id if isinstance(id, str) else f"message {number}" if id is None else json.dumps(id)
        record = records.setdefault(id, {"${kind}_id": id})
        for name, value in message.items():
            old = record.get(name)
            if name == "${kind}_id":
                continue
            if isinstance(old, dict) and isinstance(value, dict):
                record[name] = {**old, **{key: item for key, item in value.items() if item is not None or key not in old}}
            elif old is None:
                record[name] = value
            elif value is None:
                continue
            elif name == "status":
                ranks = [RANK.get(one, 5) if isinstance(one, str) else 0 for one in (old, value)]
                record[name] = value if ranks[1] >= ranks[0] else old
${kind === 'workflow' ? union : ''}            else:
                record[name] = value
    return list(records.values())
`
}

/** For tests: runs code of views with Python, all of a test in one process, and gives what each resulted in as rows of cells. */
import { spawn } from 'node:child_process'
import { parseJson, type JsonValue } from '#contract/json'
import { python } from './python.ts'

export type Run = { readonly code: string; /** Of documents: the fields that are compared. */ readonly columns: readonly string[] }

const runner = String.raw`
import json, sys, math, datetime, ast, os
def plain(value):
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, float):
        return value
    if hasattr(value, "item") and not isinstance(value, (list, dict)):
        return plain(value.item())
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=datetime.timezone.utc).timestamp()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)) or hasattr(value, "tolist"):
        return [plain(item) for item in value]
    return repr(value)
def at(document, name):
    if name in document:
        return document[name]
    value = document
    for key in name.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value
results = []
for run in json.load(sys.stdin):
    names = {"__name__": "snippet"}
    try:
        exec(compile(run["code"], "snippet", "exec"), names)
        if "df" in names:
            frame = names["df"]
            if list(frame.columns) != run["columns"]:
                raise Exception("columns " + repr(list(frame.columns)))
            rows = [[None if isinstance(cell, float) and math.isnan(cell) else plain(cell) for cell in row] for row in frame.astype(object).itertuples(index=False, name=None)]
        elif "rows" in names:
            if names["rows"].columns != run["columns"]:
                raise Exception("columns " + repr(names["rows"].columns))
            is_json = [str(type) == "JSON" for type in names["rows"].types]
            rows = [[json.loads(cell) if json_cell and cell is not None else plain(cell) for cell, json_cell in zip(row, is_json)] for row in names["rows"].fetchall()]
        else:
            rows = [[plain(at(document, name)) for name in run["columns"]] for document in names["documents"]]
        results.append({"rows": rows})
    except BaseException as error:
        import traceback
        results.append({"error": "".join(traceback.format_exception(error))[-1500:]})
print()
print(json.dumps(results))
`

export type Outcome = { rows: JsonValue[][] } | { error: string }

export async function runSnippets(runs: readonly Run[], env: Readonly<Record<string, string>> = {}): Promise<Outcome[]> {
  const child = spawn(python, ['-c', runner], { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (err += text))
  child.stdin.end(JSON.stringify(runs))
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`Python ended with code ${String(code)}: ${err.slice(-3000)}`)
  return parseJson(out.trim().split('\n').at(-1) ?? '') as Outcome[]
}

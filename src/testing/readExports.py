"""Reads exports with readers that are not ours, and compares each value with what was shown. Prints what was compared and what differs."""
import json
import math
import sys

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq

plan = json.load(open(sys.argv[1]))
compared, differences = {}, []


def differ(reader, where, expected, found):
    if len(differences) < 40:
        differences.append(f"{reader} {where}: {expected!r} was {found!r}"[:400])


def number(text):
    if text in ("NaN", "Infinity", "-Infinity"):
        return float(text.replace("Infinity", "inf"))
    return float(text) if any(c in text for c in ".eE") else int(text)


def same_number(one, other):
    if isinstance(other, bool) or not isinstance(other, (int, float)):
        return False
    if isinstance(one, float) and math.isnan(one):
        return isinstance(other, float) and math.isnan(other)
    return one == other and math.copysign(1, one) == math.copysign(1, other)


def same_json(one, other):
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same_json(a, b) for a, b in zip(one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same_json(one[k], other[k]) for k in one)
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return one is other
    if isinstance(one, (int, float)):
        return same_number(one, other)
    return one == other


def typed(cell, found, is_json):
    """Of Parquet and Arrow: types are types, and a column of JSON has each value as its text."""
    if is_json and found is not None:
        found = json.loads(found)
    if cell is None or isinstance(cell, bool):
        return found is cell
    kind, text = cell
    if kind == "number":
        return same_number(number(text), found)
    if kind == "json":
        return same_json(json.loads(text), found)
    return found == text


def as_text(cell, found):
    """Of CSV and TSV, where all are texts: numbers by their value, empty for none."""
    if cell is None:
        return found is None
    if found is None:
        return False
    if isinstance(cell, bool):
        return found == str(cell)
    kind, text = cell
    if kind == "number":
        wanted = number(text)
        if isinstance(wanted, int) and abs(wanted) > 2**53:
            return found == text
        try:
            return float(found) == float(wanted) or (math.isnan(float(found)) and math.isnan(float(wanted)))
        except ValueError:
            return False
    if kind == "json":
        return same_json(json.loads(text), json.loads(found))
    return found == text


def each(reader, place, shown, names, values, same):
    """`values`: by column, in order."""
    wanted = [c["name"] for c in shown["columns"]]
    if [n.lower().split("_")[0] for n in names] != [n.lower().split("_")[0] for n in wanted]:
        differ(reader, place, wanted[:5], names[:5])
        return
    for at, name in enumerate(wanted):
        column = values[at]
        if len(column) != len(shown["rows"]):
            differ(reader, f"{place} {name}", len(shown["rows"]), len(column))
            continue
        for row, cells in enumerate(shown["rows"]):
            compared[reader] = compared.get(reader, 0) + 1
            if not same(cells[at], column[row], name):
                differ(reader, f"{place} {name}[{row}]", cells[at], column[row])


def delimited(reader, path, separator):
    if reader == "duckdb":
        relation = duckdb.sql(f"SELECT * FROM read_csv('{path}', header=false, all_varchar=true, auto_detect=false, delim='{separator}', quote='\"', escape='\"', nullstr='', allow_quoted_nulls=false, parallel=false, columns={{{', '.join(f'c{i}: VARCHAR' for i in range(len(pd.read_csv(path, sep=separator, nrows=0, dtype=str).columns)))}}})")
        rows = relation.fetchall()
        return list(rows[0]), [list(c) for c in zip(*rows[1:])] or [[] for _ in rows[0]]
    frame = pd.read_csv(path, sep=separator, dtype=str, keep_default_na=False, header=None, lineterminator="\n")
    rows = frame.values.tolist()
    return rows[0], [[row[i] for row in rows[1:]] for i in range(len(rows[0]))]


def tables(name, place, shown):
    # A column is of JSON where its values are of several kinds, or lists.
    of_json = {c["name"]: c["type"] in ("list", "mixed") for c in shown["columns"]}
    wide = {c["name"] for at, c in enumerate(shown["columns"]) if c["type"] == "integer" and any(r[at] and r[at][0] == "number" and abs(int(r[at][1])) >= 2**63 for r in shown["rows"])}
    check = lambda cell, found, column: typed(cell, found, of_json[column] or column in wide or (isinstance(found, str) and isinstance(cell, list) and cell[0] == "number"))
    for suffix, separator in (("csv", ","), ("tsv", "\t")):
        path = f"{place}/x.{suffix}"
        each(f"pandas {suffix}", name, shown, *delimited("pandas", path, separator), lambda c, f, n: as_text(c, f) if f != "" else c is None or c == ["text", ""])
        if shown["rows"]:
            each(f"duckdb {suffix}", name, shown, *delimited("duckdb", path, separator), lambda c, f, n: as_text(c, f) if len(shown["columns"]) > 1 else as_text(c, f) or f == "")
    parquet = pq.read_table(f"{place}/x.parquet")
    each("pyarrow parquet", name, shown, parquet.column_names, [c.to_pylist() for c in parquet.columns], check)
    relation = duckdb.sql(f"SELECT * FROM read_parquet('{place}/x.parquet')")
    rows = relation.fetchall()
    each("duckdb parquet", name, shown, relation.columns, [[r[i] for r in rows] for i in range(len(relation.columns))], check)
    frame = pd.read_parquet(f"{place}/x.parquet", dtype_backend="pyarrow")
    each("pandas parquet", name, shown, list(frame.columns), [pa.array(frame.iloc[:, i].array._pa_array).to_pylist() if False else frame.iloc[:, i].array._pa_array.to_pylist() for i in range(frame.shape[1])], check)
    arrow = pa.ipc.open_file(f"{place}/x.arrow").read_all()
    each("pyarrow arrow", name, shown, arrow.column_names, [c.to_pylist() for c in arrow.columns], check)
    if arrow.column_names != [c["name"] for c in shown["columns"]]:
        differ("pyarrow arrow", name, "the names", arrow.column_names[:5])


def buffer(path):
    if sys.argv[2] == "flowcept":
        from flowcept import Flowcept

        return Flowcept.read_buffer_file(path)
    import orjson

    return orjson.loads(b"[" + b",".join(line for line in open(path, "rb").read().splitlines() if line) + b"]")


def finite(value):
    """As Flowcept's writer and reader have numbers: null for what is not finite, floats beyond 64 bits."""
    if isinstance(value, dict):
        return {k: finite(v) for k, v in value.items()}
    if isinstance(value, list):
        return [finite(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**64:
        return float(value)
    return value


def count(value):
    if isinstance(value, dict):
        return sum(map(count, value.values())) + 1
    return sum(map(count, value)) + 1 if isinstance(value, list) else 1


for one in plan:
    name, place = f"{one['name']} {one['records']}", one["place"]
    shown = json.load(open(f"{place}/shown.json"))
    tables(name, place, shown)
    kind = {"tasks": "task", "workflows": "workflow"}.get(one["records"])
    found = buffer(f"{place}/x.jsonl")
    documents = [json.loads(d) for d in shown["documents"]]
    own = [f for f in found if kind is None or f.get("type") == kind]
    if len(own) != len(documents):
        differ("buffer jsonl", name, len(documents), len(own))
    for row, (wanted, is_) in enumerate(zip(documents, own)):
        compared["buffer jsonl"] = compared.get("buffer jsonl", 0) + count(wanted)
        wanted = finite(wanted)
        if kind is not None:
            wanted.setdefault("type", kind)
            if list(is_)[0] == "type" and list(wanted)[0] != "type":
                wanted = {"type": wanted.pop("type"), **wanted}
        if not same_json(wanted, is_):
            differ("buffer jsonl", f"{name}[{row}]", [k for k in wanted if not same_json(wanted[k], is_.get(k))][:5], "others")

print(json.dumps({"compared": compared, "differences": differences}))

"""The process that runs an analyst's SQL: it may read some columns of one snapshot, and nothing else of the machine.

Started by `indicators.sandbox` as a plain file with an empty environment. In: a JSON object on standard input (`file,
views, sql, rows, bytes, memory, threads`). Out: a line of JSON (`names, is_cut` or `fault, message`), then the rows
as an Arrow stream. Three fences, each enough by itself for most of what could be tried: the statement is read as a
syntax tree and may only name the views given; DuckDB is locked down; the process may open no further file or socket.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

TABLE_FUNCTIONS = frozenset({"generate_series", "range", "unnest"})
# What tells of the server rather than of the data, waits, or changes a state; and names of DuckDB's own catalogue.
REFUSED_FUNCTIONS = frozenset(
    [
        "col_description",
        "current_connection_id",
        "current_query",
        "current_query_id",
        "current_setting",
        "current_transaction_id",
        "currval",
        "get_block_size",
        "getenv",
        "getvariable",
        "in_search_path",
        "nextval",
        "obj_description",
        "setseed",
        "setval",
        "shobj_description",
        "sleep_ms",
        "stats",
        "txid_current",
        "vector_type",
        "write_log",
    ]
)
REFUSED_PREFIXES = ("__internal", "duckdb_", "has_", "inet_", "information_schema", "pg_", "pragma_", "sqlite_")
# Types that every reader of the rows knows; all others arrive as text.
_PLAIN_TYPES = frozenset(
    [
        "BOOLEAN",
        "TINYINT",
        "SMALLINT",
        "INTEGER",
        "BIGINT",
        "UTINYINT",
        "USMALLINT",
        "UINTEGER",
        "FLOAT",
        "DOUBLE",
        "VARCHAR",
        "DATE",
        "TIMESTAMP",
    ]
)
_WIDE_INTEGERS = frozenset({"HUGEINT", "UHUGEINT", "UBIGINT"})
# What Python and Excel can hold; a column that reaches further arrives as text.
_DAYS = ("DATE", "TIMESTAMP")
_FIRST_DAY, _DAY_AFTER_LAST = "0001-01-01", "10000-01-01"
_BATCH = 2048


class Refused(Exception):
    """The statement asks for more than reading the views; the argument is the kind of fault, then what was named."""


def check(connection: duckdb.DuckDBPyConnection, sql: str, views: set[str]) -> None:
    """Refused unless the text is one reading statement over the views alone."""
    ((text,),) = connection.execute("select json_serialize_sql(?::varchar)", [sql]).fetchall()
    tree = json.loads(text)
    if tree.get("error"):
        kind = "not_a_select" if tree.get("error_type") == "not implemented" else "syntax"
        raise Refused(kind, tree.get("error_message", ""))
    if len(tree["statements"]) != 1:
        raise Refused("several_statements" if tree["statements"] else "syntax", "")
    nodes = list(_nodes(tree))
    own = {entry["key"].lower() for node in nodes for entry in node.get("cte_map", {}).get("map", ())}
    for name in own:
        _refuse_name(name)
    for node in nodes:
        if node.get("type") == "SHOW_REF" and node.get("query") is None:
            _check_show(node, views)
        elif "table_name" in node and node.get("type") == "BASE_TABLE":
            name = node["table_name"].lower()
            if node.get("catalog_name") or node.get("schema_name") or name not in views | own:
                raise Refused("unknown_table", node["table_name"])
        if node.get("type") == "TABLE_FUNCTION" and node["function"]["function_name"].lower() not in TABLE_FUNCTIONS:
            raise Refused("function", node["function"]["function_name"])
        if "function_name" in node:
            _refuse_name(node["function_name"].lower())
            if node.get("schema") not in (None, "", "main"):
                raise Refused("function", node["function_name"])


def _check_show(node: dict[str, Any], views: set[str]) -> None:
    name = node.get("table_name", "").strip('"').lower()
    if node.get("catalog_name") or node.get("schema_name") or name not in views | {"tables"}:
        raise Refused("unknown_table", name)


def _refuse_name(name: str) -> None:
    if name in REFUSED_FUNCTIONS or name.startswith(REFUSED_PREFIXES):
        raise Refused("function", name)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of the syntax tree, however deep."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def connect(request: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """An empty database in memory whose views read the snapshot, locked."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
            "memory_limit": request["memory"],
            "threads": str(request["threads"]),
            "temp_directory": "",
        },
    )
    file = request["file"].replace("'", "''")
    connection.execute(f"attach '{file}' as snapshot_file (read_only)")
    for name, columns in request["views"].items():
        listed = ", ".join(f'"{column}"' for column in columns)
        connection.execute(f'create view "{name}" as select {listed} from snapshot_file.main."{name}"')
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def close_the_doors(memory: int) -> None:
    """No file or socket can be opened from here on, none written, and memory ends somewhere; Windows has no such."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


@dataclass
class Answer:
    """The columns' own names, the rows in batches of the schema, and whether there were more than fit."""

    names: list[str]
    schema: pa.Schema
    batches: list[pa.RecordBatch]
    is_cut: bool


def answer(
    connection: duckdb.DuckDBPyConnection, sql: str, *, rows: int, most_bytes: int, wide: str = "bigint"
) -> Answer:
    """The rows of a statement that has been checked."""
    relation = connection.sql(without_end(sql))
    names = list(relation.columns)
    columns = [f"{_readable(place, str(kind), wide)} as c{place}" for place, kind in enumerate(relation.types, start=1)]
    reader = relation.project(", ".join(columns)).limit(rows + 1).to_arrow_reader(_BATCH)
    batches, count, size, is_cut = [], 0, 0, False
    for batch in reader:
        if count + batch.num_rows > rows:
            batch, is_cut = batch.slice(0, rows - count), True
        count, size = count + batch.num_rows, size + batch.nbytes
        if size > most_bytes:
            is_cut = True
            break
        batches.append(batch)
    if is_cut and not batches:
        raise Refused("memory", "")
    return Answer(names, reader.schema, batches, is_cut)


def without_end(sql: str) -> str:
    """The statement up to its semicolon, so that it can stand within another; remarks may follow one."""
    text = sql.encode()
    ends = [place for place, _kind in duckdb.tokenize(sql) if text[place : place + 1] == b";"]
    statement = text[: ends[0]].decode() if ends else sql
    if not statement.strip():
        raise Refused("syntax", "")
    return statement


def _readable(place: int, kind: str, wide: str) -> str:
    if kind in _DAYS:
        beyond = f"#{place} < '{_FIRST_DAY}' or #{place} >= '{_DAY_AFTER_LAST}'"
        # No day is a number, so the conversion fails, which asks for the column as text.
        fails = f"#{place}::varchar::bigint::varchar::{kind}"
        return f"if({beyond}, {fails}, #{place})" if wide == "bigint" else f"#{place}::varchar"
    if kind in _PLAIN_TYPES:
        return f"#{place}"
    if kind in _WIDE_INTEGERS:
        return f"#{place}::{wide}"
    return f"#{place}::double" if kind.startswith("DECIMAL") else f"#{place}::varchar"


def run(request: dict[str, Any]) -> Answer | dict[str, str]:
    """The answer, or which fault and what was said of it."""
    connection = connect(request)
    sql = request["sql"]
    try:
        check(connection, sql, set(request["views"]))
        close_the_doors(request["address_space"])
        limits = {"rows": request["rows"], "most_bytes": request["bytes"]}
        try:
            return answer(connection, sql, **limits)
        except (duckdb.ConversionException, duckdb.OutOfRangeException):
            return answer(connection, sql, **limits, wide="varchar")
    except Refused as refused:
        kind, message = refused.args
        return {"fault": kind, "message": message}
    except (MemoryError, pa.ArrowMemoryError, duckdb.OutOfMemoryException) as error:
        return {"fault": "memory", "message": str(error)}
    except duckdb.CatalogException as error:
        return {"fault": "unknown_table", "message": str(error)}
    except (duckdb.Error, OSError) as error:
        # Arrow passes DuckDB's errors on as its own kind, an OSError.
        kind = "memory" if "Out of Memory" in str(error) or "bad_alloc" in str(error) else "failed"
        return {"fault": kind, "message": str(error)}


def main() -> None:
    found = run(json.load(sys.stdin))
    out = sys.stdout.buffer
    if isinstance(found, dict):
        out.write(json.dumps(found).encode() + b"\n")
        return
    out.write(json.dumps({"names": found.names, "is_cut": found.is_cut}).encode() + b"\n")
    with pa.ipc.new_stream(out, found.schema) as stream:
        for batch in found.batches:
            stream.write_batch(batch)
    out.flush()


if __name__ == "__main__":
    main()

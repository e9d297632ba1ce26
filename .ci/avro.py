"""Checks of .ci/avro: avro.py WORK RELEASED, the folder with the schemas of earlier releases"""

import copy
import io
import json
import pathlib
import sys

import avro.schema
import fastavro

work, released = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
faults = []


def expect(holds, what):
    if not holds:
        faults.append(what)


def read(folder):
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.avsc"))}


def encoded(schema, value):
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, schema, value, strict_allow_default=True)
    return buffer.getvalue()


def decoded(data, writer, reader=None):
    buffer = io.BytesIO(data)
    value = fastavro.schemaless_reader(buffer, writer, reader)
    expect(buffer.read() == b"", "bytes are left over")
    return value


def blank(schema):
    """What a reader sees of a record of which the writer knew no field."""
    empty = {"type": "record", "name": schema["name"], "namespace": schema["namespace"], "fields": []}
    return decoded(b"", fastavro.parse_schema(empty), fastavro.parse_schema(copy.deepcopy(schema)))


def is_empty(value):
    """Whether a value is the default of its type."""
    return all(map(is_empty, value.values())) if isinstance(value, dict) else value in (None, "", 0, False, [])


def holds(read, written, default):
    """Whether what was read is what was written, with the default for each member that was not."""
    if isinstance(written, dict) and isinstance(read, dict):
        default = default or {}
        return set(written) <= set(read) and all(
            holds(member, written[name], default.get(name)) if name in written else is_empty(member) or member == default.get(name)
            for name, member in read.items()
        )
    if isinstance(written, list) and isinstance(read, list):
        return len(read) == len(written) and all(holds(one, other, None) for one, other in zip(read, written))
    return read == written


def without(schema, names):
    """The schema without some members of its records, as an earlier release could have had it, and as a later one could have lost it."""
    schema = copy.deepcopy(schema)
    for record in records(schema):
        record["fields"] = [field for field in record["fields"] if field["name"] not in names]
    strip_defaults(schema, names)
    return schema


def strip_defaults(node, names):
    """Takes the members out of the defaults of records too."""
    if isinstance(node, dict):
        default = node.get("default")
        if isinstance(default, dict):
            for name in names:
                default.pop(name, None)
        for member in node.values():
            strip_defaults(member, names)
    if isinstance(node, list):
        for element in node:
            strip_defaults(element, names)


def records(node):
    if isinstance(node, dict):
        if node.get("type") == "record":
            yield node
        for name, member in node.items():
            if name != "default":
                yield from records(member)
    if isinstance(node, list):
        for element in node:
            yield from records(element)


def common(value, schema, named=None):
    """The part of a value that a schema knows, as a reader of that schema has it."""
    named = {} if named is None else named
    if isinstance(schema, list):
        return None if value is None else common(value, next(kind for kind in schema if kind != "null"), named)
    if isinstance(schema, str):
        return common(value, named[schema], named) if schema in named else value
    if schema["type"] == "record":
        named[schema["name"]] = schema
        fields = {field["name"]: field["type"] for field in schema["fields"]}
        # In the schema's order, so that a record is known where it is named later.
        return {name: common(value[name], kind, named) for name, kind in fields.items() if name in value}
    if schema["type"] == "array":
        return [common(element, schema["items"], named) for element in value]
    return value


now = read(work / "schemas")
parsed = {}
for name, schema in now.items():
    avro.schema.parse(json.dumps(schema))
    parsed[name] = fastavro.parse_schema(copy.deepcopy(schema))
    for record in records(schema):
        expect("doc" in record, f"{name}: {record['name']} has no documentation")
        for field in record["fields"]:
            expect("doc" in field and "default" in field, f"{name}.{field['name']} has no documentation or no default")
print(f"{len(now)} schemas are read by both libraries")

events = {path.stem: [json.loads(line) for line in path.read_text().split("\n") if line] for path in sorted((work / "events").glob("*.jsonl"))}
expect(len(events) == 5 and all(len(lines) == 10_000 for lines in events.values()), f"the events are {[*map(len, events.values())]}")

for name, lines in events.items():
    default = blank(now[name])
    for place, event in enumerate(lines):
        try:
            back = decoded(encoded(parsed[name], event), parsed[name])
        except (ValueError, TypeError, KeyError) as error:
            faults.append(f"{name} {place}: {error}")
            continue
        expect(holds(back, event, default), f"{name} {place}: {event} came back as {back}")
    print(f"{len(lines)} {name} are written and read")

# A release that knew, or will know, fewer members: one of each, and all that were or will be added.
pairs = 0
for name, schema in now.items():
    others = {f"without {field['name']}": without(schema, {field["name"]}) for record in records(schema) for field in record["fields"]}
    others |= {
        f"of {folder.name}": read(folder)[name] for folder in sorted(released.iterdir()) if name in read(folder)
    }
    expect(any(other.startswith("of ") for other in others), f"{name} is in no earlier release")
    samples = events.get(name, [blank(schema)])[:: 500 if name in events else 1]
    for kind, other in others.items():
        avro.schema.parse(json.dumps(other))
        old = fastavro.parse_schema(copy.deepcopy(other))
        for event in samples:
            pairs += 2
            try:
                # The old one reads what the new one wrote, and the other way round.
                read_by_old = decoded(encoded(parsed[name], event), parsed[name], old)
                expect(holds(read_by_old, common(event, other), blank(other)), f"{name} {kind}: the old one reads {read_by_old}")
                kept = common(event, other)
                read_by_new = decoded(encoded(old, kept), old, parsed[name])
                expect(holds(read_by_new, kept, blank(schema)), f"{name} {kind}: the new one reads {read_by_new}")
            except (ValueError, TypeError, KeyError, fastavro.read.SchemaResolutionError) as error:
                faults.append(f"{name} {kind}: {error!r}")
print(f"{pairs} readings between releases")

print("\n".join(faults[:50]) or "all is well")
sys.exit(1 if faults else 0)

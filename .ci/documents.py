"""Checks of .ci/documents: documents.py WORK ASYNCAPI, the official schema, which may be missing"""

import json
import pathlib
import sys

import jsonschema

work, asyncapi = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
openapi_document = json.loads((work / "openapi.json").read_text())
asyncapi_document = json.loads((work / "asyncapi.json").read_text())
faults = []


def resolved(document, node):
    """The node that a reference leads to."""
    while "$ref" in node:
        target = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def check(document, schema, value, name):
    """Holds a value against a schema of the document."""
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": document["components"]} | schema
    for error in jsonschema.Draft202012Validator(whole).iter_errors(value):
        faults.append(f"{name}: {'/'.join(map(str, error.path))} {error.message[:200]}")


if asyncapi.exists():
    for error in jsonschema.Draft7Validator(json.loads(asyncapi.read_text())).iter_errors(asyncapi_document):
        faults.append(f"AsyncAPI: {'/'.join(map(str, error.path))} {error.message[:200]}")

examples = 0
for path, operations in openapi_document["paths"].items():
    for method, operation in operations.items():
        bodies = [("request", operation.get("requestBody", {}))] + list(operation["responses"].items())
        for kind, body in bodies:
            for content in resolved(openapi_document, body).get("content", {}).values():
                if "example" in content:
                    examples += 1
                    check(openapi_document, content["schema"], content["example"], f"{method} {path} {kind}")
for name, message in asyncapi_document["components"]["messages"].items():
    for example in message.get("examples", []):
        examples += 1
        check(asyncapi_document, message["payload"], example["payload"], name)

print("\n".join(faults) or f"{examples} examples keep to their schemas")
sys.exit(1 if faults or examples < 20 else 0)

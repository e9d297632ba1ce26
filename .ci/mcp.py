"""Checks of .ci/mcp: mcp.py BINARY PORT SIDECAR-PORT"""

import gzip
import importlib.resources
import json
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request
import uuid

import anyio
import jsonschema
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from tokenizers import Tokenizer

binary, port, sidecar = sys.argv[1:4]
direct = f"http://127.0.0.1:{port}"
invoked = f"http://127.0.0.1:{sidecar}/v1.0/invoke/mastery-engine/method"
school, cohort = "open_university", "BBB-2013J"
faults = []
checks = 0


def expect(holds, what):
    global checks
    checks += 1
    if not holds:
        faults.append(what)


def made_token(role, subject, students=()):
    call = [binary, "token", "--sub", subject, "--role", role, "--school", school]
    return subprocess.check_output(call + (["--students", ",".join(students)] if students else []), text=True).strip()


# The events of the sample, as a platform sends them.
events = {}
for line in gzip.open("Sources/Programs/CBuiltIn/course.events.jsonl.gz", "rt"):
    events.setdefault(json.loads(line)["student_id"], []).append(line)
by_length = sorted(events, key=lambda student: (len(events[student]), student))
typical = by_length[len(by_length) // 2]
class_of_30 = sorted(by_length)[:29] + [typical]
tokens = {role: made_token(role, role) for role in ("admin", "service")}
tokens["teacher"] = made_token("teacher", "teacher", class_of_30)
tokens["student"] = made_token("student", typical)

# ---- The client, in each mode and over each way

errors_by_era = {"2025-11-25": -32002, "2026-07-28": -32602}
arguments = {
    "student_id": typical, "components": {"quiz": 0.5}, "event_type": "quiz.completed", "cohort_id": cohort, "requests": [typical],
    "batch_id": "nothing", "granted": True, "event_id": "nothing",
}
# What asks for something that is not there, or is not told what it needs.
refused = {"batch_status": "NOT_FOUND", "dead_letter": "NOT_FOUND", "dead_letter_replay": "VALIDATION_ERROR"}


async def work(server, mode, way):
    async with Client(server, mode=mode) as client:
        name = f"{way}, {mode}"
        expect(client.protocol_version == ("2025-11-25" if mode == "legacy" else "2026-07-28"), f"{name}: speaks {client.protocol_version}")
        listed = await client.list_tools()
        expect(len(listed.tools) >= 20 and listed.next_cursor is None, f"{name}: {len(listed.tools)} tools")
        for tool in listed.tools:
            given = {field: arguments[field] for field in tool.input_schema.get("required", [])}
            if tool.name in ("student_erasure", "student_consent_change"):
                given["student_id"] = "nobody"
            if tool.name == "ingest_event":
                given |= {"student_id": "somebody", "data": {"total_questions": 2, "correct_answers": 1}}
            # The client holds the structure against the tool's schema.
            result = await client.call_tool(tool.name, given)
            text = result.content[0].text
            if tool.name in refused:
                expect(result.is_error and text.startswith(refused[tool.name]), f"{name}: {tool.name} says {text}")
            else:
                expect(not result.is_error and json.loads(text) == result.structured_content, f"{name}: {tool.name} says {text}")
        for resource in (await client.list_resources()).resources:
            read = await client.read_resource(resource.uri)
            expect(read.contents[0].text, f"{name}: {resource.uri} is empty")
        expect(len((await client.list_resource_templates()).resource_templates) == 2, f"{name}: templates")
        picture = json.loads((await client.read_resource(f"mastery://students/{typical}")).contents[0].text)
        expect("get_prediction" in picture, f"{name}: the picture has {list(picture)}")
        expect([prompt.name for prompt in (await client.list_prompts()).prompts] == ["weekly_review"], f"{name}: prompts")
        prompt = await client.get_prompt("weekly_review", {"students": typical})
        expect(typical in prompt.messages[0].content.text, f"{name}: the prompt does not name its student")
        missing = errors_by_era[client.protocol_version]
        for ask, code in (
            (lambda: client.call_tool("nothing", {}), -32602), (lambda: client.read_resource("mastery://nothing"), missing),
            (lambda: client.get_prompt("nothing", {}), -32602), (lambda: client.read_resource("mastery://students/nobody"), missing),
        ):
            try:
                await ask()
                expect(False, f"{name}: no error")
            except Exception as error:
                expect(getattr(getattr(error, "error", None), "code", None) == code, f"{name}: {error!r}, not {code}")
        wrong = await client.call_tool("mastery_query", {"student_id": typical, "days_history": 1000})
        expect(wrong.is_error and "got 1000" in wrong.content[0].text, f"{name}: {wrong}")
        with anyio.move_on_after(0.001) as scope:
            await client.call_tool("cohort_compare", {"student_id": typical, "scope": "school"})
        after = await client.call_tool("mastery_query", {"student_id": typical})
        expect(not after.is_error, f"{name}: after a cancelled call ({scope.cancelled_caught}): {after}")
        # The answer to the cancelled call may be on its way, and the client fails if it is left meanwhile.
        await anyio.sleep(0.5)


async def conversations():
    for mode in ("legacy", "auto", "2026-07-28"):
        for engine, how in ((direct, "directly"), (invoked, "by invocation")):
            async with create_mcp_http_client(headers={"Authorization": f"Bearer {tokens['admin']}"}) as http:
                await work(streamable_http_client(f"{engine}/mcp", http_client=http), mode, f"HTTP {how}")
            command = StdioServerParameters(command=binary, args=["mcp", "--engine", engine], env={"MASTERY_TOKEN": tokens["admin"]})
            await work(command, mode, f"standard input {how}")


print("\n== the client", flush=True)
anyio.run(conversations)
print(f"{checks} checks in 12 conversations")

# ---- By the official schemas

schemas = {}
for revision in errors_by_era:
    path = pathlib.Path(f"../shared/schemas/mcp-{revision}.json")
    if path.exists():
        schemas[revision] = json.loads(path.read_text())


def message(role, method, revision="2026-07-28", **params):
    """The text of an answer, as it is sent."""
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Authorization": f"Bearer {tokens[role]}"}
    headers["MCP-Protocol-Version"] = revision
    if revision == "2026-07-28":
        headers["Mcp-Method"] = method
        if "name" in params or "uri" in params:
            headers["Mcp-Name"] = params.get("name") or params.get("uri")
        meta = "io.modelcontextprotocol/"
        params["_meta"] = {f"{meta}protocolVersion": revision, f"{meta}clientCapabilities": {}}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    try:
        return urllib.request.urlopen(urllib.request.Request(f"{direct}/mcp", body, headers)).read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()


print("\n== the official schemas")
if len(schemas) < 2:
    print("skipped in part: ../shared/schemas is not there")
for revision, schema in schemas.items():
    for kind, method, params in (
        ("InitializeResult", "initialize", {"protocolVersion": revision, "capabilities": {}, "clientInfo": {"name": "a", "version": "1"}}),
        ("DiscoverResult", "server/discover", {}), ("ListToolsResult", "tools/list", {}), ("ListResourcesResult", "resources/list", {}),
        ("ListResourceTemplatesResult", "resources/templates/list", {}), ("ListPromptsResult", "prompts/list", {}),
        ("ReadResourceResult", "resources/read", {"uri": "mastery://contract"}), ("GetPromptResult", "prompts/get", {"name": "weekly_review"}),
        ("CallToolResult", "tools/call", {"name": "mastery_query", "arguments": {"student_id": typical}}),
        ("CallToolResult", "tools/call", {"name": "mastery_query", "arguments": {}}),
    ):
        if kind not in schema["$defs"]:
            continue
        answer = json.loads(message("admin", method, revision, **params))
        whole = {"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]}
        found = [error.message[:200] for error in jsonschema.Draft202012Validator(whole).iter_errors(answer.get("result"))]
        expect(not found, f"{revision} {method}: {found}")
print(f"{checks} checks")

# ---- Lengths

tokenizer = Tokenizer.from_file(str(importlib.resources.files("anthropic") / "tokenizer.json"))


def length(text):
    return len(tokenizer.encode(text).ids)


def tool(name, role="teacher", **given):
    return message(role, "tools/call", name=name, arguments=given)


rows = [("the list of a teacher's tools", length(message("teacher", "tools/list"))), ("of an admin's", length(message("admin", "tools/list")))]
for name, count in rows:
    expect(count <= 3000, f"{name}: {count} tokens")
longest = 0
for name, given in (
    ("mastery_query", {"include_topics": True, "include_history": True, "days_history": 90}), ("trajectory", {"days": 90, "horizon_days": 30}),
    ("mastery_history", {"days": 90}), ("adaptive_recommendations", {"limit": 10}), ("student_audit", {"limit": 1000}), ("student_export", {}),
    ("generate_path", {}), ("cohort_compare", {"scope": "school", "metric": "by_component"}), ("get_prediction", {}),
):
    longest = max(longest, length(tool(name, "admin", student_id=typical, **given)))
for name, given in (("batch_process", {"requests": class_of_30}), ("cohort_summary", {"cohort_id": cohort}), ("dead_letters", {})):
    longest = max(longest, length(tool(name, "admin", **given)))
# Ids that take the most tokens, of students whom nobody knows.
for ids in ([str(uuid.uuid4()) for _ in range(100)], [uuid.uuid4().hex * 4 for _ in range(100)]):
    longest = max(longest, length(tool("batch_process", "admin", requests=ids)))
    longest = max(longest, length(message("admin", "prompts/get", name="weekly_review", arguments={"students": ",".join(ids)})))
longest = max(longest, length(message("teacher", "resources/read", uri="mastery://contract")))
longest = max(longest, length(message("teacher", "resources/read", uri=f"mastery://students/{typical}")))
expect(longest <= 2000, f"the longest answer has {longest} tokens")
rows.append(("the longest answer to any tool without `fields`, of any ids", longest))

# A teacher's questions, by tools and by the events that a platform would put in front of a model.
one, thirty = "".join(events[typical]), "".join("".join(events[student]) for student in class_of_30)
mastery = ["current_mastery.mastery_score", "current_mastery.level", "current_mastery.missing"]
tasks = (
    ("Who of my 30 students needs help first?", thirty, [tool("cohort_summary", cohort_id=cohort, fields=["at_risk"])]),
    (
        "How do my 30 students stand?", thirty,
        [tool("batch_process", requests=class_of_30, fields=["results.student_id", "results.mastery_score"])],
    ),
    ("How does one student stand, and what is missing?", one, [tool("mastery_query", student_id=typical, fields=mastery)]),
    (
        "Where will the student be next week, and why?", one,
        [tool("get_prediction", student_id=typical, fields=["predicted_score", "interval.low", "interval.high", "reason_code"])],
    ),
    (
        "What should the student do next?", one,
        [tool("adaptive_recommendations", student_id=typical, limit=2, fields=["recommendations.action", "recommendations.area"])],
    ),
)
table = ["| what | tokens |", "|---|---|"] + [f"| {name} | {count:,} |" for name, count in rows]
table += ["", "| a teacher's question | by tools | by the students' events | less |", "|---|---|---|---|"]
for question, raw, answers in tasks:
    for answer in answers:
        expect(not json.loads(answer)["result"]["isError"], f"{question} {answer}")
    by_tools, by_events = sum(map(length, answers)), length(raw)
    saved = 100 * (1 - by_tools / by_events)
    expect(saved >= 95, f"{question} {saved:.1f} % fewer tokens")
    table.append(f"| {question} | {by_tools:,} | {by_events:,} | {saved:.1f} % |")

print("\n== lengths")
print("\n".join(table))
# The article says what was measured: within a tenth, since scores differ from day to day.
article = pathlib.Path("Sources/Engine/MasteryEngine.docc/Agents.md").read_text().splitlines()
for line in table:
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) < 4 or not cells[2][:1].isdigit():
        continue
    told = [[cell.strip() for cell in row.split("|")] for row in article if row.startswith(f"| {cells[1]} |")]
    numbers = [float(cell.replace(",", "").removesuffix(" %")) for cell in cells[2:-1]]
    before = [float(cell.replace(",", "").removesuffix(" %")) for cell in told[0][2:-1]] if told else []
    expect(len(before) == len(numbers) and all(abs(a - b) <= 0.1 * max(a, b) for a, b in zip(before, numbers)), f"Agents.md does not say: {line}")

print("\n".join(faults) or f"\n== all {checks} checks hold")
sys.exit(1 if faults else 0)

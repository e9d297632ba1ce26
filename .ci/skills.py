"""The token counts of .ci/skills: skills.py BINARY SKILLS ARTICLE [--write]"""

import gzip
import importlib.util
import json
import pathlib
import subprocess
import sys

import tokenizers

binary, skills, article = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
course = "Sources/Programs/CBuiltIn/course.events.jsonl.gz"
student, cohort = "ou_576524_BBB-2013J", "BBB-2013J"
head = "| skill | description | call and answer | in place of | that is |"

anthropic = pathlib.Path(importlib.util.find_spec("anthropic").origin).parent
tokenizer = tokenizers.Tokenizer.from_file(str(anthropic / "tokenizer.json"))


def tokens(text):
    return len(tokenizer.encode(text).ids)


def ask(*words, given=True):
    """The call and its answer."""
    call = ["skill", *words]
    source = ["--events", course] if given else []
    done = subprocess.run([binary, *call, *source, "--now", "2014-03-01"], check=True, capture_output=True, text=True)
    return "mastery-engine " + " ".join(call), done.stdout


events = gzip.open(course, "rt").read()
own = "".join(line for line in events.splitlines(keepends=True) if json.loads(line)["student_id"] == student)
document = ask("student-export", "--student-id", student, "--format", "json")[1]
raw = {
    "the student's stored document": tokens(json.dumps(json.loads(document)["parts"][0]["content"], separators=(",", ":"))),
    "the student's events": tokens(own),
    # The tokenizer takes time that grows faster than the text.
    "the cohort's events": sum(tokens(line) for line in events.splitlines(keepends=True)),
}
of_student = ["query", "recommend", "path", "predict", "trajectory", "history"]
calls = [([name, "--student-id", student], "the student's stored document") for name in of_student] + [
    (["cohort-compare", "--student-id", student, "--scope", "cohort", "--cohort-id", cohort], "the cohort's events"),
    (["cohort-summary", "--cohort-id", cohort], "the cohort's events"),
]

measured = []
for words, source in calls:
    description = tokens((skills / f"mastery-{words[0]}" / "SKILL.md").read_text())
    measured.append([f"`{words[0]}`", description, sum(map(tokens, ask(*words))), source, raw[source]])
longest = max((tokens(file.read_text()), file.parent.name) for file in skills.glob("*/SKILL.md"))
print(f"the longest description has {longest[0]} tokens: {longest[1]}")
rows = ["| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else cell for cell in row) + " |" for row in measured]
print("\n".join([head, *rows]))

lines = article.read_text().splitlines()
start = lines.index(head) + 2
end = next(number for number in range(start, len(lines) + 1) if number == len(lines) or not lines[number].startswith("|"))
if "--write" in sys.argv:
    article.write_text("\n".join(lines[:start] + rows + lines[end:]) + "\n")
    sys.exit(longest[0] >= 5000)


def differs(written, row):
    cells = [cell.strip() for cell in written.strip("|").split("|")]
    if len(cells) != len(row):
        return True
    return any(
        abs(int(cell.replace(",", "")) - value) > 0.1 * value if isinstance(value, int) else cell != value
        for cell, value in zip(cells, row)
    )


faults = [f"the article has {end - start} rows, {len(rows)} are measured"] if end - start != len(rows) else []
faults += [f"the article says {written}" for written, row in zip(lines[start:end], measured) if differs(written, row)]
if longest[0] >= 5000:
    faults.append("a description must have under 5000 tokens")
print("\n".join(faults) or "the article says the same within 10 %")
sys.exit(1 if faults else 0)

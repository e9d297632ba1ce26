"""Reads a Dockerfile, and refuses whatever in it nobody here would perform as Docker does."""

import dataclasses
import json
import re
import shlex


class Refused(Exception):
    """Something in a Dockerfile that is not understood; the message says what must be there instead."""


@dataclasses.dataclass
class Instruction:
    """One instruction below FROM."""

    line: int
    name: str
    flags: dict
    #: A list of words in exec form, else the text.
    value: object

    def __str__(self):
        return f"line {self.line}: {self.name}"


@dataclasses.dataclass
class Stage:
    """What follows a FROM."""

    base: str
    name: str
    instructions: list


#: The instructions and the flags that each may have.
KNOWN = {
    "ARG": set(), "CMD": set(), "COPY": {"from"}, "ENTRYPOINT": set(), "ENV": set(), "EXPOSE": set(), "RUN": set(), "USER": set(),
    "WORKDIR": set(), "HEALTHCHECK": {"interval", "timeout", "start-period", "retries"},
}

VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+)|(.?))")


def substitute(text, values, line):
    """The text with the values of its variables; one that nobody declares is refused."""

    def value(match):
        name = match[1] or match[2]
        if name is None:
            raise Refused(f"line {line}: a variable must be $NAME or ${{NAME}}, got {text!r}")
        if name not in values:
            raise Refused(f"line {line}: ${name} must be declared above")
        return values[name]

    return VARIABLE.sub(value, text)


def assignments(text, line):
    """The pairs of `NAME=VALUE …`."""
    pairs = [word.split("=", 1) for word in shlex.split(text)]
    for pair in pairs:
        if len(pair) != 2 or not re.fullmatch(r"[A-Za-z_]\w*", pair[0]):
            raise Refused(f"line {line}: ENV must be NAME=VALUE, got {text!r}")
    return pairs


def joined_lines(text):
    """Each instruction in one line, with the number of its first line; comments are left out, those within an instruction too."""
    parts, first = [], 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            if not parts and re.fullmatch(r"\s*#\s*(escape|check)\s*=.*", line):
                raise Refused(f"line {number}: directives are not understood, got {line.strip()!r}")
            continue
        if not parts:
            if not line.strip():
                continue
            first = number
        elif not line.strip():
            raise Refused(f"line {number}: an instruction must go on below a backslash, got an empty line")
        continues = line.rstrip().endswith("\\")
        parts.append(line.rstrip()[:-1] if continues else line)
        if not continues:
            yield first, "".join(parts).strip()
            parts = []
    if parts:
        raise Refused(f"line {first}: the instruction must end, got a backslash at the end of the file")


def parsed(line, text):
    """The instruction of a joined line."""
    name, _, rest = text.partition(" ")
    name, rest = name.upper(), rest.strip()
    if name not in KNOWN and name != "FROM":
        raise Refused(f"line {line}: an instruction must be FROM or one of {', '.join(sorted(KNOWN))}, got {name}")
    flags = {}
    while name != "FROM" and (match := re.match(r"--([a-z-]+)=(\S+)\s+", rest)):
        if match[1] not in KNOWN[name]:
            raise Refused(f"line {line}: {name} must have no flag --{match[1]}")
        flags[match[1]] = match[2]
        rest = rest[match.end() :]
    if rest.startswith("--"):
        raise Refused(f"line {line}: a flag of {name} must be known and have a value, got {rest.split()[0]}")
    if name in ("RUN", "COPY") and "<<" in rest:
        raise Refused(f"line {line}: {name} must hold no here-document")
    if name == "HEALTHCHECK":
        command, _, rest = rest.partition(" ")
        if command.upper() != "CMD":
            raise Refused(f"line {line}: HEALTHCHECK must have a CMD, got {command}")
        rest = rest.strip()
    value = rest
    if rest.startswith("["):
        try:
            value = json.loads(rest)
        except ValueError as error:
            raise Refused(f"line {line}: {name} must be a JSON list of words, got {rest!r}") from error
        if not value or not all(isinstance(word, str) for word in value):
            raise Refused(f"line {line}: {name} must be a JSON list of words, got {rest!r}")
    elif name in ("CMD", "ENTRYPOINT", "HEALTHCHECK"):
        raise Refused(f"line {line}: {name} must be a JSON list, since a shell would take the signals, got {rest!r}")
    if not value:
        raise Refused(f"line {line}: {name} must not be empty")
    return Instruction(line, name, flags, value)


def argument(instruction, given):
    """The name and value of an ARG; the value is None where it has neither a default nor is given."""
    name, equals, default = instruction.value.partition("=")
    if not re.fullmatch(r"[A-Za-z_]\w*", name):
        raise Refused(f"{instruction} must be NAME or NAME=DEFAULT, got {instruction.value!r}")
    return name, given.get(name, default.strip("\"'") if equals else None)


def stages(text, given=None):
    """The stages of a Dockerfile, given the values of its arguments that are not the defaults."""
    given = given or {}
    found, before = [], {}
    for line, joined in joined_lines(text):
        instruction = parsed(line, joined)
        if instruction.name == "FROM":
            match = re.fullmatch(r"(\S+)(?:\s+(?i:AS)\s+([a-z0-9_.-]+))?", instruction.value)
            if not match:
                raise Refused(f"{instruction} must be IMAGE or IMAGE AS NAME, got {instruction.value!r}")
            found.append(Stage(substitute(match[1], before, line), match[2] or str(len(found)), []))
        elif found:
            found[-1].instructions.append(instruction)
        elif instruction.name == "ARG":
            name, value = argument(instruction, given)
            before[name] = value or ""
        else:
            raise Refused(f"{instruction} must come below FROM")
    if not found:
        raise Refused("a Dockerfile must have a FROM")
    return found


def seconds(text):
    """The seconds of a duration such as 1m30s."""
    parts = re.fullmatch(r"(?:(\d+)m)?(?:(\d+)s)?", text)
    if not text or not parts:
        raise Refused(f"a duration must be minutes and seconds such as 1m30s, got {text!r}")
    return 60 * int(parts[1] or 0) + int(parts[2] or 0)

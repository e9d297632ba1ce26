"""Performs the stages of a Dockerfile, each above the root of its base."""

import os
import pathlib
import re

import dockerfile
from places import Failed, Place, mounted, proxies, run, step
from roots import clear, root


class Performed:
    """A stage whose instructions are performed one after the other; what they write lies in `above`, all that there is in `root`."""

    def __init__(self, stage, arguments, others, context, folder, work):
        self.stage, self.arguments, self.others, self.context = stage, arguments, others, context
        lower, self.environment = root(stage.base, work)
        self.declared, self.user, self.folder = {}, "0:0", "/"
        self.entrypoint, self.command, self.health, self.health_flags, self.ports = [], [], None, {}, []
        self.above, scratch, self.root = (clear(folder / name) for name in ("above", "scratch", "root"))
        layers = f"lowerdir={lower},upperdir={self.above},workdir={scratch}"
        try:
            run("mount", "-t", "overlay", "overlay", "-o", layers, self.root)
        except Failed as failure:
            raise Failed(f"{work} must be on a file system that takes overlays, such as ext4 or xfs: {failure}") from failure

    def perform(self):
        perform = {
            "ARG": self._arg, "CMD": self._cmd, "COPY": self._copy, "ENTRYPOINT": self._entrypoint, "ENV": self._env,
            "EXPOSE": self._expose, "HEALTHCHECK": self._healthcheck, "RUN": self._run, "USER": self._user, "WORKDIR": self._workdir,
        }
        for instruction in self.stage.instructions:
            print(f"-- {instruction} {instruction.value}", flush=True)
            try:
                perform[instruction.name](instruction)
            except Failed as failure:
                raise Failed(f"{instruction}: {failure}") from failure
        return self

    def _text(self, instruction, text=None):
        text = instruction.value if text is None else text
        return dockerfile.substitute(text, {**self.declared, **self.environment}, instruction.line)

    def _arg(self, instruction):
        name, value = dockerfile.argument(instruction, self.arguments)
        if value is not None:
            self.declared[name] = value

    def _env(self, instruction):
        for name, value in dockerfile.assignments(instruction.value, instruction.line):
            self.environment[name] = self._text(instruction, value)

    def _workdir(self, instruction):
        self.folder = os.path.join(self.folder, self._text(instruction))
        self._inside(self.folder).mkdir(parents=True, exist_ok=True)

    def _user(self, instruction):
        self.user = self._text(instruction)
        if not re.fullmatch(r"[0-9]+:[0-9]+", self.user):
            raise Failed(f"it must be numbers, UID:GID, so that it can be told from root, got {self.user}")

    def _expose(self, instruction):
        for word in self._text(instruction).split():
            if not re.fullmatch(r"[0-9]+(/tcp)?", word):
                raise Failed(f"a port must be a number, got {word}")
            self.ports.append(int(word.removesuffix("/tcp")))

    def _entrypoint(self, instruction):
        self.entrypoint, self.command = instruction.value, []

    def _cmd(self, instruction):
        self.command = instruction.value

    def _healthcheck(self, instruction):
        self.health, self.health_flags = instruction.value, instruction.flags

    def _run(self, instruction):
        words = instruction.value if isinstance(instruction.value, list) else ["/bin/sh", "-c", instruction.value]
        with mounted(self.root):
            environment = {"HOME": "/root", **proxies(), **self.declared, **self.environment}
            outcome = Place(self.root, environment, self.user, self.folder).start(words).wait()
        if outcome != 0:
            raise Failed(f"it must end with 0, got {outcome}")

    def _copy(self, instruction):
        words = instruction.value if isinstance(instruction.value, list) else self._text(instruction).split()
        *sources, target = words
        if not sources:
            raise Failed(f"it must name what to copy and where to, got {instruction.value}")
        stage = instruction.flags.get("from")
        if stage is not None and stage not in self.others:
            raise Failed(f"--from must name a stage above, got {stage}")
        from_root = self.context if stage is None else self.others[stage]
        into = self._inside(os.path.join(self.folder, target))
        as_folder = target.endswith("/") or len(sources) > 1 or into.is_dir()
        for word in sources:
            source = from_root / word.lstrip("/")
            if not source.exists():
                raise Failed(f"{word} must be in {'the context, what .dockerignore leaves' if stage is None else f'stage {stage}'}")
            if source.is_dir():
                into.mkdir(parents=True, exist_ok=True)
                run("cp", "--recursive", "--no-dereference", "--preserve=mode,timestamps", f"{source}/.", into)
            else:
                goal = into / source.name if as_folder else into
                goal.parent.mkdir(parents=True, exist_ok=True)
                run("cp", "--preserve=mode,timestamps", source, goal)

    def _inside(self, path):
        """Where a path of the stage is on this machine; one that leads through a link could lead out of the stage."""
        found = self.root
        for part in pathlib.Path(os.path.normpath(path)).parts[1:]:
            found /= part
            if found.is_symlink():
                raise Failed(f"{path} must not lead through a link")
        return found


def context(folder):
    """A folder with what .dockerignore leaves of the project: it must leave out everything, and then name what stays."""
    lines = [line for line in pathlib.Path(".dockerignore").read_text().splitlines() if line.strip() and not line.startswith("#")]
    if lines[:1] != ["*"] or any(not re.fullmatch(r"!\.?\w[\w./-]*", line) for line in lines[1:]):
        raise Failed(f".dockerignore must be *, and lines of !PATH below it, got {lines}")
    clear(folder)
    for line in lines[1:]:
        goal = folder / line[1:]
        goal.parent.mkdir(parents=True, exist_ok=True)
        run("cp", "--recursive", "--no-dereference", "--preserve=mode,timestamps", line[1:], goal)
    return folder


def performed(stages, arguments, built, folder, work):
    """The last stage, after the stages that it copies from; where `built` is given, that folder stands for each of those."""
    copied = {instruction.flags.get("from") for instruction in stages[-1].instructions}
    others, files = {}, context(folder / "context")
    for stage in stages[:-1]:
        if built:
            others[stage.name] = built
        elif stage.name in copied:
            step(f"stage {stage.name}, from {stage.base}")
            others[stage.name] = Performed(stage, arguments, others, files, folder / stage.name, work).perform().root
    step(f"the image, from {stages[-1].base}")
    return Performed(stages[-1], arguments, others, files, folder / "last", work).perform()

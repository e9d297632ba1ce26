"""Performs the stages of a Dockerfile, lists what comes of it, and starts it; .ci/image calls it.

A stage from swift:VERSION-CODENAME begins with this machine, which must have that Swift on that Debian; one from debian:CODENAME-slim with
a root that debootstrap makes, and that leaves out what the image leaves out.
"""

import argparse
import fcntl
import os
import pathlib
import sys

import dockerfile
from contents import compare, listed
from places import Failed, step
from running import at_work
from stages import performed


def elsewhere(stages):
    """The same stages with their working folders somewhere else, since nothing may depend on where it is built."""
    for stage in stages:
        for instruction in stage.instructions:
            if instruction.name == "WORKDIR":
                instruction.value = f"/some/other/place{instruction.value}"
    return stages


def build(asked, folder, work, change=lambda stages: stages):
    """Performs the Dockerfile in a folder."""
    arguments = dict(pair.partition("=")[::2] for pair in asked.arg)
    stages = change(dockerfile.stages(pathlib.Path(asked.dockerfile).read_text(), arguments))
    return performed(stages, arguments, asked.built, folder, work)


def main():
    options = argparse.ArgumentParser(prog=".ci/image", description=__doc__.partition(";")[0] + ".")
    options.add_argument("dockerfile", nargs="?", default="Dockerfile", help="the file (Dockerfile)")
    options.add_argument("--arg", action="append", default=[], metavar="NAME=VALUE", help="a build argument")
    options.add_argument("--built", type=pathlib.Path, metavar="FOLDER", help="stands for the stages that the last one copies from")
    options.add_argument("--twice", action="store_true", help="does it again with other working folders, and wants the same bytes")
    asked = options.parse_args()
    work = pathlib.Path(".build/image").absolute()
    work.mkdir(parents=True, exist_ok=True)
    with open(work / "lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Failed(f"{work} must be used by one run at a time") from error
        image = build(asked, work / "first", work)
        step("its content")
        listed(image, work / "content.txt")
        if asked.twice:
            again = build(asked, work / "second", work, elsewhere)
            step("both compared")
            compare(image, again)
        step("at work")
        at_work(image, work)
    step("all is well")


if __name__ == "__main__":
    # So that what is written has the rights that an engine gives it.
    os.umask(0o022)
    try:
        main()
    except (Failed, dockerfile.Refused) as failure:
        sys.exit(f".ci/image: {failure}")

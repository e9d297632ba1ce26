"""What is in an image: how much, whose, and whether it is the same as in another."""

import collections
import hashlib
import os
import re
import stat

from places import Failed

#: The most bytes of all the image's files, those of its base too.
MOST = 120_000_000
#: What libraries open only once they need it, so that no start shows it missing.
OPENED = ["/etc/ssl/certs/ca-certificates.crt", "/usr/share/zoneinfo/Europe/Berlin"]


def entries(root):
    """All that is below a folder: each path from there, and its status."""
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)
            yield "/" + os.path.relpath(path, root), os.lstat(path)


def sizes(root):
    """The bytes of each regular file; a file with several names counts once."""
    found, seen = {}, set()
    for path, status in entries(root):
        if stat.S_ISREG(status.st_mode) and (status.st_dev, status.st_ino) not in seen:
            seen.add((status.st_dev, status.st_ino))
            found[path] = status.st_size
    return found


def owners(root):
    """The package of each file that has one."""
    found = {}
    for listing in sorted((root / "var/lib/dpkg/info").glob("*.list")):
        for path in listing.read_text().splitlines():
            # Some packages still name a file below /lib, which is a link to /usr/lib.
            found[re.sub(r"^/(bin|lib|lib64|sbin)/", r"/usr/\1/", path)] = listing.stem.split(":")[0]
    return found


def folder(path):
    """The folder that a file is counted for: at most three deep."""
    return "/".join(os.path.dirname(path).split("/")[:4]) or "/"


def listed(image, file):
    """Lists what is in the image by its size, each file of it in a file, and fails if that is too much or something is missing."""
    files, owner = sizes(image.root), owners(image.root)
    packages, folders = collections.Counter(), collections.Counter()
    for path, size in files.items():
        packages[owner.get(path, "of no package")] += size
        folders[folder(path)] += size
    file.write_text("".join(f"{size:>11,} {path}\n" for path, size in collections.Counter(files).most_common()))
    for title, counter in (("package", packages), ("folder", folders), ("file", collections.Counter(files))):
        print(f"{'bytes':>11} {title}")
        for name, size in counter.most_common(12):
            print(f"{size:>11,} {name}")
    total, above = sum(files.values()), sum(sizes(image.above).values())
    print(f"{total:>11,} in {len(files):,} files, {above:,} of it above {image.stage.base}; {file} lists them all")
    if total >= MOST:
        raise Failed(f"the image's content must be under {MOST:,} bytes, got {total:,}")
    for path in OPENED:
        if not os.path.lexists(f"{image.root}{path}"):
            raise Failed(f"the image must have {path}, which is opened at run time")


def fingerprint(image):
    """What lies above the base: of each path its kind, rights, owner and bytes. Times are left out: whoever exports an image sets them."""
    found = {}
    for path, status in entries(image.above):
        content = ""
        if stat.S_ISREG(status.st_mode):
            with open(f"{image.above}{path}", "rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        elif stat.S_ISLNK(status.st_mode):
            content = os.readlink(f"{image.above}{path}")
        found[path] = (status.st_mode, status.st_uid, status.st_gid, status.st_rdev, content)
    return found


def compare(image, again):
    """Fails unless the same came of it both times."""
    first, second = fingerprint(image), fingerprint(again)
    different = sorted(path for path in first.keys() | second.keys() if first.get(path) != second.get(path))
    if different:
        raise Failed("both times the same must come of it, got others: " + ", ".join(different))
    print(f"the same, all {len(first):,} files and folders above {image.stage.base}")

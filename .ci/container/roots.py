"""The root folders that stand for the images that stages begin with."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import time

from places import PATH, Failed, Place, mounted, proxies, run, step

MIRROR = "http://deb.debian.org/debian"
SECURITY = "http://deb.debian.org/debian-security"
#: Seconds for which a root is used again.
FRESH = 24 * 3600
#: What -slim images leave out of /usr/share, and what of that they keep.
LEFT_OUT = ["doc", "groff", "info", "linda", "lintian", "locale", "man"]
KEPT = ["doc/*/copyright", "locale/locale.alias"]


def clear(folder):
    """Makes an empty folder."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def root(image, work):
    """The root folder that stands for an image, and the variables that the image sets."""
    name = re.sub(r"@sha256:[0-9a-f]{64}$", "", image)
    if match := re.fullmatch(r"swift:([0-9.]+)-([a-z]+)", name):
        require(image, *match.groups())
        return pathlib.Path("/"), {"PATH": os.environ["PATH"]}
    if match := re.fullmatch(r"debian:([a-z]+)-slim", name):
        return slim(match[1], work), {"PATH": PATH}
    raise Failed(f"an image to begin with must be swift:VERSION-CODENAME or debian:CODENAME-slim, got {image}")


def require(image, version, codename):
    """Checks that this machine is what an image of Swift has."""
    here = re.search(r"^VERSION_CODENAME=(\S+)$", pathlib.Path("/etc/os-release").read_text(), re.MULTILINE)
    if not here or here[1] != codename:
        raise Failed(f"a stage from {image} must be performed on Debian {codename}, got {here[1] if here else 'another system'}")
    said = run("swift", "--version", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    if not re.search(rf"Swift version {re.escape(version)}(\.|-|\b)", said):
        raise Failed(f"a stage from {image} must be performed with Swift {version}, got {said.strip()!r}")


def slim(codename, work):
    """A Debian root as small as the image debian:CODENAME-slim, made anew once a day."""
    root, made = work / f"debian-{codename}", work / f"debian-{codename}.made"
    recipe = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()
    if made.exists() and made.read_text() == recipe and 0 <= time.time() - made.stat().st_mtime < FRESH:
        return root
    step(f"a clean root of Debian {codename}")
    made.unlink(missing_ok=True)
    clear(root)
    run("debootstrap", "--variant=minbase", "--force-check-gpg", codename, root, MIRROR, stdout=subprocess.DEVNULL)
    configure(root, codename)
    with mounted(root):
        place = Place(root, {"PATH": PATH, "DEBIAN_FRONTEND": "noninteractive", **proxies()})
        upgrade = "apt-get update -qq && apt-get dist-upgrade -qq -y > /dev/null && apt-get clean"
        if outcome := place.start(["/bin/sh", "-c", upgrade]).wait():
            raise Failed(f"the upgrade of Debian {codename} must end with 0, got {outcome}")
    leave_out(root)
    made.write_text(recipe)
    return root


def configure(root, codename):
    """Sets apt and dpkg up as the image does: no documentation, nothing fetched that stays, no service that starts."""
    rules = [f"path-exclude /usr/share/{name}/*" for name in LEFT_OUT] + [f"path-include /usr/share/{name}" for name in KEPT]
    keyring = "Components: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
    remove = '{ "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };'
    for path, text in {
        "etc/dpkg/dpkg.cfg.d/docker": "\n".join(rules) + "\n",
        "etc/apt/sources.list.d/debian.sources": (
            f"Types: deb\nURIs: {MIRROR}\nSuites: {codename} {codename}-updates\n{keyring}\n"
            f"Types: deb\nURIs: {SECURITY}\nSuites: {codename}-security\n{keyring}"),
        "etc/apt/apt.conf.d/docker-clean": (
            f"DPkg::Post-Invoke {remove}\nAPT::Update::Post-Invoke {remove}\n"
            'Dir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\nAcquire::Languages "none";\n'),
        "usr/sbin/policy-rc.d": "#!/bin/sh\nexit 101\n",
        # What the machine itself has in them is mounted while something runs.
        "etc/resolv.conf": "", "etc/hosts": "", "etc/hostname": "",
    }.items():
        (root / path).write_text(text)
    (root / "usr/sbin/policy-rc.d").chmod(0o755)
    (root / "etc/apt/sources.list").unlink()


def leave_out(root):
    """Takes out what was unpacked before dpkg was told to leave it out, and what apt has fetched and logged."""
    share = root / "usr/share"
    kept = {path for pattern in KEPT for path in share.glob(pattern)}
    for name in LEFT_OUT:
        for path in sorted((share / name).rglob("*"), reverse=True):
            if path.is_dir() and not path.is_symlink():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path not in kept:
                path.unlink()
    for folder in ("var/lib/apt/lists", "var/cache/apt", "var/log"):
        for path in (root / folder).iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    (root / "var/cache/ldconfig/aux-cache").unlink(missing_ok=True)

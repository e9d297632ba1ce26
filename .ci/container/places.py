"""Programs that run in a root folder of their own, as a given user."""

import contextlib
import ctypes
import os
import pathlib
import signal
import subprocess

#: Where a container looks for programs unless its image says otherwise.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#: The proxies that Docker hands to every RUN.
PROXIES = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"]
#: The devices that every container has.
DEVICES = ["null", "zero", "full", "random", "urandom"]

libc = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS, MNT_DETACH, CLONE_NEWNS = 1, 38, 2, 0x20000


class Failed(Exception):
    """What is wrong with the image, or keeps it from being made."""


def step(title):
    print(f"\n== {title}", flush=True)


def run(*words, **more):
    """Runs a program of this machine that must succeed, and returns its output if that is asked for."""
    outcome = subprocess.run([str(word) for word in words], check=False, **more)
    if outcome.returncode != 0:
        raise Failed(f"{' '.join(map(str, words))} must end with 0, got {outcome.returncode}")
    return outcome.stdout


def proxies():
    return {name: os.environ[name] for name in PROXIES if name in os.environ}


@contextlib.contextmanager
def mounted(root):
    """Mounts what an engine mounts into every container, for as long as the block takes."""
    points = []

    def mount(*words):
        run("mount", *words)
        points.append(words[-1])

    try:
        mount("-t", "proc", "proc", root / "proc")
        mount("-t", "tmpfs", "-o", "mode=755", "devices", root / "dev")
        for name in DEVICES:
            (root / "dev" / name).touch()
            mount("--bind", f"/dev/{name}", root / "dev" / name)
        for number, name in enumerate(("stdin", "stdout", "stderr")):
            (root / "dev" / name).symlink_to(f"/proc/self/fd/{number}")
        (root / "dev/fd").symlink_to("/proc/self/fd")
        for name in ("etc/resolv.conf", "etc/hosts"):
            if (root / name).is_file() and not (root / name).is_symlink():
                mount("--bind", pathlib.Path("/", name).resolve(), root / name)
        yield
    finally:
        for point in reversed(points):
            # A call, since no program can be started any more once process 1 of its namespace has ended.
            if libc.umount2(os.fsencode(point), MNT_DETACH) != 0:
                print(f"{point} is still mounted: {os.strerror(ctypes.get_errno())}", flush=True)


class Place:
    """A root folder, and the variables, user and working folder of what runs in it.

    Each program there has file systems of its own mounted, those of `own`, a kind for each folder.
    """

    def __init__(self, root, environment, user="0:0", folder="/", own=None):
        self.root, self.environment, self.folder, self.own = root, environment, folder, own or {}
        self.uid, self.gid = map(int, user.split(":"))

    def start(self, words, **more):
        """Starts a program there, which ends with this one."""
        try:
            return subprocess.Popen(words, env=self.environment, preexec_fn=self._enter, **more)
        except (OSError, subprocess.SubprocessError) as error:
            raise Failed(f"{words[0]} must start in {self.root}, got: {error}") from error

    def _enter(self):
        for folder, kind in self.own.items():
            point, kind = os.fsencode(f"{self.root}{folder}"), kind.encode()
            if libc.unshare(CLONE_NEWNS) != 0 or libc.mount(kind, point, kind, 0, None) != 0:
                raise OSError(ctypes.get_errno(), f"{kind} cannot be mounted")
        os.chroot(self.root)
        os.chdir(self.folder)
        os.setgroups([])
        os.setgid(self.gid)
        os.setuid(self.uid)
        if self.uid:
            libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        # Set last, since a change of the user clears it.
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

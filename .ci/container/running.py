"""Starts an image as an engine would, and looks whether it works."""

import ctypes
import fcntl
import http.client
import os
import secrets
import signal
import socket
import struct
import subprocess
import time

import dockerfile
from places import Failed, Place, libc, mounted, run

CLONE_NEWNET, CLONE_NEWPID = 0x40000000, 0x20000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
#: Seconds to wait for what takes a moment, on a machine that has other things to do.
PATIENCE = 120
#: Seconds from SIGTERM to the end: 20 for requests that run, 5 for the last accesses, and some for a busy machine.
STOPPING = 40


def separate(kind):
    """Gives this process, or what it starts from now on, a namespace of its own."""
    if libc.unshare(kind) != 0:
        raise Failed(f"a namespace of its own must be to be had, got: {os.strerror(ctypes.get_errno())}")


def bring_up_loopback():
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def status(port, path):
    """The status of an answer; None if there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def await_ok(process, port, path):
    """Waits until the answer is 200."""
    end = time.monotonic() + PATIENCE
    while (got := status(port, path)) != 200:
        if (ended := process.poll()) is not None:
            raise Failed(f"the service must run, got its end with {ended}")
        if time.monotonic() > end:
            raise Failed(f"{path} must answer 200 within {PATIENCE} s, got {got}")
        time.sleep(0.1)
    print(f"GET {path}: 200", flush=True)


def health(place, image):
    """What the HEALTHCHECK says, its exit status; None if it takes too long."""
    process = place.start(image.health, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        said, _ = process.communicate(timeout=dockerfile.seconds(image.health_flags.get("timeout", "30s")))
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None
    print(f"HEALTHCHECK {' '.join(image.health)}: {process.returncode}, {said.strip()}", flush=True)
    return process.returncode


def stop(process, name):
    """Sends SIGTERM, which must end it with 0."""
    process.send_signal(signal.SIGTERM)
    try:
        ended = process.wait(timeout=STOPPING)
    except subprocess.TimeoutExpired as error:
        raise Failed(f"SIGTERM must end {name} within {STOPPING} s, got one that runs on") from error
    if ended != 0:
        raise Failed(f"SIGTERM must end {name} with 0, got {ended}")
    print(f"SIGTERM: {name} ended with 0", flush=True)


def check_writes_fail(place):
    """The root that the service has must be as Kubernetes gives it: nothing can be written."""
    outcome = place.start(["/bin/sh", "-c", "echo > /tmp/x"], stderr=subprocess.DEVNULL).wait()
    if outcome == 0:
        raise Failed("the root must not be writable, got a file")


def at_work(image, work):
    """Starts the image beside a sidecar, as process 1 of its user, on a root that cannot be written, and looks whether it is well."""
    if image.user.split(":")[0] == "0":
        raise Failed("USER must not be root")
    if image.health is None:
        raise Failed("the image must have a HEALTHCHECK")
    if len(image.ports) != 1:
        raise Failed(f"EXPOSE must name one port, got {image.ports}")
    run("mount", "-o", "remount,ro", image.root)
    token, other = secrets.token_hex(16), secrets.token_hex(16)
    settings = {
        "JWT_SECRET": secrets.token_hex(32), "APP_API_TOKEN": token, "DAPR_API_TOKEN": other, "TIME_ZONE": "Europe/Berlin",
        "LOG_FORMAT": "text",
    }
    environment = {"HOME": "/", **image.environment, **settings}
    log = work / "image.log"
    separate(CLONE_NEWNET)
    bring_up_loopback()
    with mounted(image.root), open(log, "w", encoding="utf-8") as output:
        try:
            supervise(image, environment, output)
        except Failed as failure:
            raise Failed(f"{failure}\n{log.read_text()[-4000:]}") from failure


def supervise(image, environment, output):
    """Starts and stops sidecar and service, and looks at them meanwhile."""

    def place(own):
        return Place(image.root, environment, image.user, image.folder, own)

    port, written = image.ports[0], {"stdout": output, "stderr": output}
    # It keeps its component files where the service may write nothing.
    beside = place({"/tmp": "tmpfs"})
    check_writes_fail(place({}))
    if health(place({}), image) == 0:
        raise Failed("the HEALTHCHECK must fail while nothing runs, got 0")
    sidecar = beside.start([*image.entrypoint, "sidecar", "--app-port", str(port)], **written)
    # What is started from here on has the service for its process 1, as in a container, and sees only its own processes.
    separate(CLONE_NEWPID)
    within = place({"/proc": "proc"})
    service = within.start([*image.entrypoint, *image.command], **written)
    await_ok(service, port, "/health")
    await_ok(service, port, "/ready")
    tries = int(image.health_flags.get("retries", "3"))
    if all(health(within, image) != 0 for _ in range(tries)):
        raise Failed(f"the HEALTHCHECK must end with 0 in one of {tries} tries")
    stop(service, "the service")
    stop(sidecar, "the sidecar")

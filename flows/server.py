"""Prefect's server for the length of one run.

Prefect would start one itself, but leave it behind when the run is killed. This one holds the reading end of a pipe
from the run and ends when that closes, which the operating system sees to however the run ends. It can also be
started before Prefect has been imported, and is up about when the run is ready for it.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException

from qualcode.errors import UsageError

_EMPTY = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}
# Seconds. It takes five on a machine at rest; one that is overworked must get there, too, and a server that dies is
# noticed at once.
_START = 900.0
_PATIENCE = 5.0


@contextmanager
def own_server() -> Iterator[str]:
    """Start a server in a process of its own and yield the address of its API once it answers.

    Raises:
        UsageError: it does not start.
    """
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", __name__],
        env={**os.environ, **_EMPTY},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Ctrl-C is for the run; the server ends with it.
        start_new_session=True,
    )
    try:
        port = process.stdout.readline().decode().strip() if process.stdout else ""
        _await_answer(port)
        yield f"http://127.0.0.1:{port}/api"
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _await_answer(port: str) -> None:
    """Ask once: the question waits in the server's queue until all is loaded."""
    connection = HTTPConnection("127.0.0.1", int(port or 0), timeout=_START)
    try:
        connection.request("GET", "/api/health")
        connection.getresponse().read()
    except (OSError, HTTPException):
        raise UsageError("Prefects server på denne maskine svarer ikke. Kør samme kommando igen.") from None
    finally:
        connection.close()


def main() -> None:
    """Serve until the standard input closes."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)  # noqa: T201 - what the run waits for
    threading.Thread(target=_end_with_the_run, daemon=True).start()

    import uvicorn

    uvicorn.Server(
        uvicorn.Config("prefect.server.api.server:create_app", factory=True, log_level="critical", lifespan="on")
    ).run(sockets=[listener])


def _end_with_the_run() -> None:
    sys.stdin.buffer.read()
    # At once: nothing of the run depends on what Prefect still had to write down.
    os._exit(0)


if __name__ == "__main__":
    main()

"""Prefect flows: they order the units of work in :mod:`qualcode.jobs`, batch, cache, retry and show progress.

Prefect reads its settings when it is imported, so they are set here, before any flow module imports it:
no telemetry, no noise, and Prefect's own files inside the working folder, since parameters and states lie in
them in clear. Whoever has set a variable already – a server's address, another folder – keeps it.
"""

import atexit
import os
import shutil
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

_SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    # What goes wrong is told by qualcode, in one line; Prefect would add a traceback.
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_SHOW_CLOUD_LINK": "false",
}


def _own_home(work: Path) -> Path:
    """Return Prefect's folder for this process.

    Two ephemeral servers on one SQLite file disturb each other, so a second run beside the first gets a
    folder of its own, which goes when it ends.
    """
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(work / "prefect.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        home = work / f"prefect-{os.getpid()}"
        home.mkdir(mode=0o700, exist_ok=True)
        in_use = FileLock(home / "in-use.lock")
        in_use.acquire(timeout=0)
        atexit.register(shutil.rmtree, home, ignore_errors=True)
        atexit.register(in_use.release)
    else:
        atexit.register(lock.release)
        home = work / "prefect"
        _forget_homes(work)
    home.mkdir(mode=0o700, exist_ok=True)
    return home


def _forget_homes(work: Path) -> None:
    """Remove the folders of runs that were killed beside another one; who uses one holds its lock."""
    for home in work.glob("prefect-*"):
        with suppress(Timeout, OSError), FileLock(home / "in-use.lock", timeout=0):
            shutil.rmtree(home, ignore_errors=True)


def _prepare() -> None:
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    for name in ("NO_PROXY", "no_proxy"):
        # Where a proxy is set, talk with the server on this machine must not go through it.
        os.environ[name] = ",".join(filter(None, ("127.0.0.1,localhost", os.environ.get(name))))
    if "PREFECT_HOME" not in os.environ:
        os.environ["PREFECT_HOME"] = str(_own_home(Path.cwd() / ".qualcode"))


_prepare()

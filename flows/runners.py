"""Where tasks run: threads or processes of this machine, or the workers of a Dask cluster."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import qualcode.flows  # noqa: F401 - sets the environment that prefect reads when imported
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.task_runners import ProcessPoolTaskRunner, ThreadPoolTaskRunner
from qualcode.flows.server import own_server

from qualcode.errors import UsageError

# One can segment while the encoder, which uses all processors, serves the other.
WORKERS = 2
RUNNERS = ("threads", "processes", "dask")
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Runner:
    """One of Prefect's task runners, and how many tasks it works on at a time."""

    prefect: Any
    workers: int


def task_runner(name: str, address: str | None) -> Runner:
    """Return a task runner.

    Args:
        name: one of :data:`RUNNERS`
        address: of the Dask scheduler, such as ``tcp://127.0.0.1:8786``

    Raises:
        UsageError: there is none such, or what it needs is missing.
    """
    if name == "dask" and address:
        return _dask(address)
    if name not in ("threads", "processes"):
        raise UsageError(f"'{name}' kendes ikke. Brug en af: {', '.join(RUNNERS)}; til dask hører en adresse.")
    return Runner((ThreadPoolTaskRunner if name == "threads" else ProcessPoolTaskRunner)(max_workers=WORKERS), WORKERS)


def _dask(address: str) -> Runner:
    if not find_spec("prefect_dask"):
        raise UsageError("Til --runner dask hører pakken prefect-dask: pip install 'qualcode[dask]'.")
    if urlsplit(address).hostname not in _THIS_MACHINE and not PREFECT_API_URL.value():
        raise UsageError(
            "Arbejdere på andre maskiner skal have én Prefect-server: sæt PREFECT_API_URL (se docs/operations.md)."
        )
    from distributed import Client
    from prefect_dask.task_runners import DaskTaskRunner

    try:
        with Client(address, timeout="10s") as client:  # type: ignore[no-untyped-call]
            threads = sum(client.nthreads().values())
    except (OSError, ValueError):
        raise UsageError(f"Ingen Dask-scheduler svarer på {address}.") from None
    if not threads:
        raise UsageError(f"Dask-scheduleren på {address} har ingen arbejdere. Start dem med 'dask worker {address}'.")
    return Runner(DaskTaskRunner(address=address), threads)


@contextmanager
def shared_server() -> Iterator[None]:
    """Let all processes use one Prefect server, the user's or one of our own; without, each would start another."""
    if PREFECT_API_URL.value():
        yield
        return
    with own_server() as address, temporary_settings({PREFECT_API_URL: address}):
        yield

"""Serve the review page until it is interrupted."""

import signal
import socket
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from qualcode.errors import UsageError
from qualcode.review.desk import Desk
from qualcode.review.web.app import create_app
from qualcode.review.web.security import is_local
from qualcode.store.analysts import has_analysts


def serve(desk: Desk, host: str, port: int, *, browser: bool, tell: Callable[[str], None]) -> None:
    """Serve the page of a study.

    Args:
        desk: the study
        host: address to listen on
        port: port to listen on, 0 for any that is free
        browser: whether to open the page
        tell: says a line to the user

    Raises:
        UsageError: the address cannot be had, or others can reach it and nobody could log in.
    """
    if not is_local(host):
        with desk.database.read() as session:
            if not has_analysts(session):
                raise UsageError(
                    f"På adressen {host} kan andre nå siden, så analytikerne skal logge ind med kodeord, og ingen har "
                    "et endnu. Opret dem med 'qualcode analyst add NAVN', eller udelad --host."
                )
        tell(
            f"Andre maskiner kan nå siden på {host}: der logges ind med kodeord. Forbindelsen er ikke krypteret; "
            "brug et lukket net eller en proxy med TLS foran."
        )
    listener = _listen(host, port)
    address = f"http://{_shown(host)}:{listener.getsockname()[1]}/"
    # No access log: addresses name codings and what was searched for. No tracebacks: they may quote an interview.
    config = uvicorn.Config(
        create_app(desk, host), log_level="critical", access_log=False, server_header=False, proxy_headers=False
    )
    server = uvicorn.Server(config)
    tell(f"Siden er klar på {address} (stop med Ctrl+C). Hver afgørelse er gemt, når den er kvitteret.")
    if browser:
        threading.Thread(target=_open_when_started, args=(server, address), daemon=True).start()
    with _ended_by_ctrl_c():
        server.run(sockets=[listener])
    tell("Siden er stoppet. Alt, der er kvitteret for, er gemt.")


@contextmanager
def _ended_by_ctrl_c() -> Iterator[None]:
    """Take Ctrl-C for the way to end: uvicorn stops serving at it, and then sends it once more to whoever was first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # From here on callers wait instead of being turned away: the address is told before all is loaded.
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise UsageError(
            f"Der kan ikke lyttes på {host}, port {port} ({error.strerror}). Vælg en anden port med --port."
        ) from None
    return listener


def _shown(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - told apart, not bound to
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def _open_when_started(server: uvicorn.Server, address: str) -> None:
    while not server.started:
        if server.should_exit:
            return
        time.sleep(0.05)
    webbrowser.open(address)

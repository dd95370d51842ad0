"""Put on PYTHONPATH by test_no_outbound: Python processes below refuse, and note, any talk beyond this machine."""

import os
import sys
from pathlib import Path

NOTES = os.environ.get("QUALCODE_TEST_CONNECTS")
_ASKING = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyname_ex", "socket.gethostbyaddr"}
_TALKING = {"socket.connect", "socket.connect_ex", "socket.sendto", "socket.sendmsg", "socket.bind"}


def _is_here(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    return name in ("localhost", "::1") or name.startswith("127.")


def _guard(event: str, arguments: tuple[object, ...]) -> None:
    if event in _ASKING:
        host = arguments[0]
    elif event in _TALKING:
        address = arguments[1]
        # Sockets of this machine have a path for an address; sendmsg on a connected one has none.
        if not isinstance(address, tuple):
            return
        host = address[0]
    else:
        return
    if not _is_here(host):
        with Path(NOTES).open("a", encoding="utf-8") as notes:
            notes.write(f"{event} {host} by {' '.join(sys.orig_argv[:6])}\n")
        raise PermissionError(f"{event} beyond this machine: {host}")


if NOTES:
    sys.addaudithook(_guard)

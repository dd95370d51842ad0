"""What every request must pass, and what every answer carries.

- ``Host`` must be a name this server goes by, so that a foreign site whose name is
  made to point here (DNS rebinding) gets nothing.
- Whatever changes something must come from a page of this server: ``Sec-Fetch-Site`` where the browser tells, and
  ``Origin``; a form on another site carries neither right.
- No answer may be stored by browser or proxy, framed, or run a script that is not a file of ours.
"""

import ipaddress
import socket
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - named to be told apart, not bound to
_READING = frozenset({"GET", "HEAD"})
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Not no-referrer: with that a form says "Origin: null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
# A form of ours is far smaller; a transcript is never sent to the server.
LARGEST_BODY = 2_000_000
# The one form that takes a file: a workbook.
UPLOAD, LARGEST_UPLOAD = "/excel", 50_000_000


def is_local(host: str) -> bool:
    """Tell whether an address to listen on is reached from this machine only."""
    return host in LOCAL


def names_of(host: str) -> frozenset[str]:
    """Return the names that a server listening on an address may be called by."""
    names = LOCAL | {host.lower()}
    if not is_local(host):
        names |= {socket.gethostname().lower(), socket.getfqdn().lower()}
    return names


class Guard:
    """ASGI middleware that turns away what does not come from a page of this server.

    Args:
        app: what is guarded
        names: host names it may be called by
        any_address: also by any IP address: no foreign site can make a browser believe it is an address
    """

    def __init__(self, app: ASGIApp, names: Collection[str], *, any_address: bool = False) -> None:
        self.app = app
        self.names = names
        self.any_address = any_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        largest = LARGEST_UPLOAD if scope["path"] == UPLOAD else LARGEST_BODY
        refusal = self._refusal(scope["method"], Headers(scope=scope), largest)
        await (refusal or self.app)(scope, receive, send_with_headers)

    def _refusal(self, method: str, headers: Headers, largest: int) -> PlainTextResponse | None:
        if not self._goes_by(headers.get("host", "")):
            return PlainTextResponse("Ukendt værtsnavn.", 400)
        if method in _READING:
            return None
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site not in (None, "same-origin") or origin is None or urlsplit(origin).netloc != headers["host"]:
            return PlainTextResponse("Kaldet kommer ikke fra denne side.", 403)
        length = headers.get("content-length", "")
        if not length.isdigit() or int(length) > largest:
            return PlainTextResponse("Kaldet er for stort.", 413)
        return None

    def _goes_by(self, host: str) -> bool:
        try:
            name = (urlsplit(f"//{host}").hostname or "").lower()
        except ValueError:
            return False
        return name in self.names or (self.any_address and _is_address(name))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def listens_everywhere(host: str) -> bool:
    """Tell whether an address means all of the machine's."""
    return host in _EVERYWHERE

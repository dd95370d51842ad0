"""What was acknowledged is on disk, whenever the server is killed."""

import http.client
import json
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from qualcode.models import Action
from qualcode.review.desk import Desk
from qualcode.store.database import Database
from qualcode.store.journal import numbered
from tests.reviewing import STUDY, desk_at, effective, rows

SERVER = """
import sys
from pathlib import Path
from qualcode.review.desk import Desk
from qualcode.review.web.serve import serve
from qualcode.store.database import Database
desk = Desk(Database(sys.argv[1]), "s", Path(sys.argv[2]))
serve(desk, "127.0.0.1", 0, browser=False, tell=lambda line: print(line, flush=True))
"""
KILLS = 6
WRITERS = 3


class Writer(threading.Thread):
    """Posts decisions as fast as it can and keeps those that were acknowledged."""

    def __init__(self, address: str, name: str, codings: list[str]) -> None:
        super().__init__()
        self.address, self.analyst, self.codings = address, name, codings
        self.acknowledged: list[str] = []
        self.enough = threading.Event()

    def post(self, path: str, body: bytes, kind: str, cookie: str = "") -> tuple[bytes, str]:
        request = urllib.request.Request(  # noqa: S310 - the address is our own
            self.address + path, body, {"content-type": kind, "origin": self.address, "cookie": cookie}
        )
        opener = urllib.request.build_opener(NoRedirect)
        with opener.open(request, timeout=30) as answer:
            return answer.read(), answer.headers.get("set-cookie", "")

    def run(self) -> None:
        try:
            _, cookie = self.post("/log-ind", f"navn={self.analyst}".encode(), "application/x-www-form-urlencoded")
        except OSError:
            return
        cookie = cookie.split(";")[0]
        revisions: dict[str, int] = {}
        number = 0
        while not self.enough.is_set():
            coding = self.codings[number % len(self.codings)]
            word = f"{self.analyst}-{number}"
            changes = [{"action": "memo", "reason": word}, {"action": "accept"}]
            body = {"id": coding, "revision": revisions.get(coding, 0), "changes": changes}
            try:
                answer, _ = self.post("/kort", json.dumps(body).encode(), "application/json", cookie)
            except (OSError, ValueError, http.client.HTTPException):
                return
            told = json.loads(answer)
            if not told.get("refused"):
                self.acknowledged.append(word)
                revisions[coding] = revisions.get(coding, 0) + 2
            number += 1


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Takes a redirect for the answer, since it carries the cookie."""

    def http_error_303(self, req: object, fp: object, code: int, msg: str, headers: object) -> object:
        return fp


def killed_under_load(desk: Desk, folder: Path, round_number: int, seconds: float) -> list[str]:
    """Serve, write, kill -9; return what was acknowledged."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, desk.database.url, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    address = server.stdout.readline().split("Siden er klar på ")[1].split("/ ")[0]
    codings = [row.id for row in rows(desk) if row.revision == 0][: 2 * WRITERS]
    writers = [
        Writer(address, f"r{round_number}w{number}", codings[number::WRITERS] or [codings[0]])
        for number in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    deadline = time.monotonic() + 120
    while sum(len(writer.acknowledged) for writer in writers) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(seconds)
    server.send_signal(signal.SIGKILL)
    server.wait()
    server.stdout.close()
    for writer in writers:
        writer.enough.set()
        writer.join()
    return [word for writer in writers for word in writer.acknowledged]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a matter of POSIX")
def test_each_acknowledged_decision_survives_kill_9(tmp_path: Path, coded_database: str) -> None:
    for number in range(KILLS):
        folder = tmp_path / str(number)
        folder.mkdir()
        desk = desk_at(folder, coded_database)
        acknowledged = killed_under_load(desk, folder, number, seconds=0.05 * number)
        assert len(acknowledged) >= 5
        again = Desk(Database(desk.database.url), STUDY, folder)
        with again.read() as session:
            events = [event for _, event in numbered(session, STUDY)]
        memos = [event.reason for event in events if event.action is Action.MEMO]
        assert set(acknowledged) <= set(memos)
        assert len(memos) == len(set(memos))
        # Memo and verdict are one act: never the one without the other.
        assert len(memos) == sum(event.action is Action.ACCEPT for event in events)
        assert {row.id: row.status for row in rows(again)} == {
            coding.id: coding.status.value for coding in effective(again)
        }

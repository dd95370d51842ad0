"""How long a card and a decision take on the review page among very many codings.

    python benchmarks/review.py 100000 1000000

Makes a synthetic study of that many suggestions in a folder of its own (about 1.2 GB for a million), serves the page
on this machine, and measures requests from outside, one after another: the next card of each queue, and a decision
with the card that follows it.
"""

import json
import random
import socket
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import uvicorn
from sqlalchemy import insert

from qualcode.codebook.load import load_codebook
from qualcode.models import digest
from qualcode.review.desk import Desk
from qualcode.review.web.app import create_app
from qualcode.store.database import Database, count_change
from qualcode.store.schema import DocumentRow, SuggestionRow, TurnRow
from qualcode.store.studies import remember_study

CODEBOOK = Path(str(files("qualcode.codebooks") / "fra-myndighed-til-partner.yaml"))
TURNS = 200
CODINGS_PER_TURN = 5
WORDS = (
    "vi har jo prøvet at tage med ud til borgerne og så lade dem bestemme det hele selv men hvem passer det bagefter"
)
LEVELS = ("direktør", "chef", "leder", "medarbejder", "frivillig")
ROUNDS = 200


def fill(database: Database, codings: int) -> None:
    """Store a study of that many suggestions."""
    codes = [code.id for code in load_codebook(CODEBOOK).codes if code.parent]
    draw = random.Random(1)
    per_document = TURNS * CODINGS_PER_TURN
    for number in range(codings // per_document):
        text, turns = "", []
        for turn in range(1, 2 * TURNS + 1):
            words = " ".join(draw.sample(WORDS.split(), 20)) + "."
            start = len(text) + 4
            text += f"IP: {words}\n" if turn % 2 == 0 else f"I:  {words}\n"
            turns.append({"number": turn, "start": start, "end": start + len(words), "interviewer": turn % 2 == 1})
        level = LEVELS[number % len(LEVELS)]
        with database.write() as session:
            document = DocumentRow(
                study="syntetisk",
                file=f"{number:05}.txt",
                source_digest="x",
                present=True,
                interview=f"{number:05}",
                digest=digest(number),
                text=text,
                facts={},
                informants=[{"speaker": "IP", "role": level, "level": level}],
                coded_as="x",
                units=TURNS,
            )
            session.add(document)
            session.flush()
            session.execute(
                insert(TurnRow),
                [
                    turn | {"document_id": document.id, "speaker": "I" if turn["interviewer"] else "IP", "time": None}
                    for turn in turns
                ],
            )
            session.execute(insert(SuggestionRow), list(_suggestions(document.id, number, turns, codes, draw)))
            count_change(session)
    with database.write() as session:
        remember_study(session, "syntetisk", CODEBOOK.parent, CODEBOOK)


def _suggestions(
    document_id: int, number: int, turns: list[dict[str, int]], codes: list[str], draw: random.Random
) -> Iterator[dict[str, object]]:
    for turn in turns[1::2]:
        for code in draw.sample(codes, CODINGS_PER_TURN):
            hit = {"pattern": "borger", "start": turn["start"] + 3, "end": turn["start"] + 9}
            near = {"text": WORDS, "similarity": 0.4}
            yield {
                "document_id": document_id,
                "id": digest(number, turn["number"], code)[:16],
                "turn": turn["number"],
                "start": turn["start"],
                "end": turn["end"],
                "speaker": "IP",
                "code": code,
                "valence": draw.choice(["drivkraft", "barriere", "behov", "neutral"]),
                "score": round(draw.uniform(0.5, 1), 4),
                "source": draw.choice(["regel", "model", "begge"]),
                "evidence": {"rules": [hit], "neighbours": [near, near, near], "valence_cue": None},
            }


class Client:
    """A browser of sorts: one connection a request, as slow as it gets."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookie = ""
        opener = urllib.request.build_opener(_NoRedirect)
        request = self._request("/log-ind", b"navn=Bench", "application/x-www-form-urlencoded")
        with opener.open(request) as answer:
            self.cookie = answer.headers["set-cookie"].split(";")[0]

    def get(self, path: str) -> dict[str, str]:
        """Return what an address answers."""
        return self._answer(self._request(path))

    def post(self, path: str, body: object) -> dict[str, str]:
        """Return what an address answers to a body."""
        return self._answer(self._request(path, json.dumps(body).encode(), "application/json"))

    def _request(self, path: str, body: bytes | None = None, kind: str = "text/plain") -> urllib.request.Request:
        headers = {"content-type": kind, "origin": self.address, "cookie": self.cookie, "accept": "application/json"}
        return urllib.request.Request(self.address + path, body, headers)

    def _answer(self, request: urllib.request.Request) -> dict[str, str]:
        with urllib.request.urlopen(request) as answer:
            told: dict[str, str] = json.loads(answer.read())
            return told


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def http_error_303(self, req: object, fp: object, code: int, msg: str, headers: object) -> object:
        return fp


def measure(name: str, work: Callable[[int], object], rounds: int = ROUNDS) -> None:
    """Print the median and the 95th percentile of some work, in milliseconds."""
    work(-1)
    times = []
    for number in range(rounds):
        began = time.perf_counter()
        work(number)
        times.append(1000 * (time.perf_counter() - began))
    cuts = statistics.quantiles(times, n=20)
    print(f"| {name} | {statistics.median(times):.0f} | {cuts[18]:.0f} |", flush=True)


def run(codings: int, folder: Path) -> None:
    """Fill, serve, measure."""
    database = Database(f"sqlite:///{folder / 'review.db'}")
    began = time.perf_counter()
    fill(database, codings)
    filled = time.perf_counter()
    desk = Desk(database, "syntetisk", folder)
    with desk.read():
        pass
    print(
        f"\n{codings:,} codings (stored in {filled - began:.0f} s, laid out in {time.perf_counter() - filled:.0f} s)\n"
    )
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(desk), log_level="critical", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.05)
    client = Client(f"http://127.0.0.1:{listener.getsockname()[1]}")
    print("| | p50 ms | p95 ms |\n| --- | ---: | ---: |")
    for name, query in QUERIES.items():
        place = {"id": ""}

        def card(_number: int, query: str = query, place: dict[str, str] = place) -> None:
            place["id"] = client.get(f"/kort/del?{query}&efter={place['id']}")["id"]

        measure(f"next card, {name}", card, rounds=60)

    def decide(number: int) -> None:
        revision = 0
        action = "accept" if number % 2 else "reject"
        body = {"id": waiting["id"], "revision": revision, "changes": [{"action": action}]}
        waiting["id"] = client.post("/kort?", body)["id"]

    waiting = {"id": client.get("/kort/del?")["id"]}
    measure("a decision and the next card", decide)
    measure("undo and its card", lambda _: client.post("/fortryd?", {}), rounds=60)
    measure("what colleagues did (asked every 2.5 s)", lambda _: client.get("/aendringer?efter=0"), rounds=30)
    server.should_exit = True
    thread.join()
    database.engine.dispose()


QUERIES = {
    "uncertain first": "",
    "of one code": "kode=styring.drift",
    "of one interview": "interview=7&koe=tekst",
    "of one level": "niveau=leder",
    "missed by rules": "koe=oversete",
    "of themes only": "slags=temaer",
    "code, level and valence": "kode=styring&niveau=leder&valens=behov",
    "random sample of 100": "koe=stikproeve",
}

if __name__ == "__main__":
    for wanted in sys.argv[1:] or ["100000"]:
        with tempfile.TemporaryDirectory() as temporary:
            run(int(wanted), Path(temporary))

"""Learning and Excel on the page, without a browser: shown first, stored when somebody says so."""

import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from openpyxl import Workbook, load_workbook

from qualcode import jobs, training
from qualcode.coding.encoder import NgramEncoder
from qualcode.exchange.excel_layout import CODINGS, COLUMNS
from qualcode.models import Action, Status
from qualcode.review.acts import Change, Seen, decide, undo
from qualcode.review.desk import Desk
from tests.reviewing import desk_at, effective, rows
from tests.test_review_web import client


@pytest.fixture
def desk(tmp_path: Path, coded_database: str, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(jobs, "make_encoder", lambda *_: NgramEncoder())
    return desk_at(tmp_path, coded_database)


@pytest.fixture
def mette(desk: Desk) -> Iterator[TestClient]:
    with client(desk, "Mette") as browser:
        yield browser


def wait(browser: TestClient) -> None:
    """Wait until the learner is not at work."""
    while browser.get("/laering/tilstand").json()["state"] not in ("ledig", "klar"):
        time.sleep(0.05)


@pytest.mark.slow
def test_learning_is_shown_then_used_then_taken_back(mette: TestClient, desk: Desk) -> None:
    assert "0 afgjorte kodninger" in mette.get("/laering").text
    for number, row in enumerate(rows(desk)):
        action = Action.REJECT if number % 3 == 0 else Action.ACCEPT
        decide(desk, Seen(row.id, row.revision), [Change(action)], "Mette")
    before = {one.id: one.status for one in effective(desk)}
    mette.post("/laering", data={"goer": "laer"})
    wait(mette)
    page = mette.get("/laering").text
    assert "Det vil koderen lære" in page
    assert "efter at have lært" in page
    assert {one.id: one.status for one in effective(desk)} == before
    mette.post("/laering", data={"goer": "brug"})
    wait(mette)
    page = mette.get("/laering").text
    assert "Det vil koderen lære" not in page
    assert 'Tag i brug igen<span class="sr">: Kodebogen alene' in page
    after = {one.id: one.status for one in effective(desk)}
    assert {key: status for key, status in after.items() if key in before} == before
    mette.post("/laering", data={"goer": "tilbage", "model": "0"})
    wait(mette)
    assert 'Tag i brug igen<span class="sr">: 1' in mette.get("/laering").text


def test_a_fault_while_learning_is_one_line_without_words_of_an_interview(
    mette: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    mette.post("/laering", data={"goer": "laer"})
    wait(mette)
    assert "ingen afgørelser at lære af" in mette.get("/laering").text

    def fail(_job: object) -> None:
        raise RuntimeError("words of an interview")

    monkeypatch.setattr(training, "learn", fail)
    mette.post("/laering", data={"goer": "laer"})
    wait(mette)
    page = mette.get("/laering").text
    assert "Uventet fejl" in page
    assert "words of an interview" not in page


def test_what_was_learned_can_be_thrown_away(mette: TestClient, desk: Desk) -> None:
    row = rows(desk)[0]
    decide(desk, Seen(row.id, row.revision), [Change(Action.ACCEPT)], "Mette")
    mette.post("/laering", data={"goer": "laer"})
    wait(mette)
    mette.post("/laering", data={"goer": "kast"})
    assert "Det vil koderen lære" not in mette.get("/laering").text


def exported(browser: TestClient) -> Workbook:
    answer = browser.get("/excel/kodninger.xlsx")
    assert 'filename="s.xlsx"' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    return load_workbook(io.BytesIO(answer.content))


def uploaded(browser: TestClient, book: Workbook, name: str = "svar.xlsx") -> str:
    content = io.BytesIO()
    book.save(content)
    return browser.post("/excel", files={"fil": (name, content.getvalue())}).text


def answer_in(book: Workbook, row: int, **answers: str) -> None:
    for key, value in answers.items():
        book[CODINGS].cell(row, [column.key for column in COLUMNS].index(key) + 1).value = value


def key_on(page: str) -> str:
    return page.partition('name="noegle" value="')[2].partition('"')[0]


def test_a_workbook_goes_out_and_comes_back(mette: TestClient, desk: Desk) -> None:
    book = exported(mette)
    answer_in(book, 2, decision="godkend")
    answer_in(book, 3, decision="afvis", reason="<b>nej</b>")
    page = uploaded(mette, book, "../../<i>svar</i>.xlsx")
    assert '<span class="number">2</span> nye afgørelser' in page
    assert "<i>" not in page
    assert {one.status for one in effective(desk)} == {Status.FORESLAAET}
    with client(desk, "Ali") as ali:
        assert ali.post("/excel/gem", data={"noegle": key_on(page)}).status_code == 409
    page = uploaded(mette, book)
    key = key_on(page)
    assert "Afgørelserne er gemt" in mette.post("/excel/gem", data={"noegle": key}).text
    assert {one.status for one in effective(desk) if one.analyst} == {Status.GODKENDT, Status.AFVIST}
    assert mette.post("/excel/gem", data={"noegle": key}).status_code == 409
    assert "intet nyt at gemme" in uploaded(mette, book)
    assert len(undo(desk, "Mette").events) == 2


def test_a_bad_workbook_stores_nothing_and_says_why(mette: TestClient, desk: Desk) -> None:
    book = exported(mette)
    answer_in(book, 2, decision="godkend")
    answer_in(book, 3, decision="måske")
    page = uploaded(mette, book)
    assert "række 3" in page
    assert not key_on(page)
    answer = mette.post("/excel", files={"fil": ("x.xlsx", b"not a workbook")}, headers={"accept": "text/html"})
    assert answer.status_code == 409
    assert {one.status for one in effective(desk)} == {Status.FORESLAAET}


def test_only_the_upload_may_be_large(mette: TestClient) -> None:
    assert mette.post("/notat", content=b"x" * 2_000_001).status_code == 413
    assert mette.post("/excel", content=b"x" * 2_000_001).status_code == 422

"""Blind rounds on the page, without a browser: who may see and do what, and what is refused."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from qualcode.agreement.rounds import rounds
from qualcode.models import Action
from qualcode.review.acts import Change, Seen, decide, undo
from qualcode.review.desk import Desk
from qualcode.store.schema import DocumentRow
from tests.reviewing import STUDY, desk_at, effective, rows
from tests.test_review_web import client

WEAK = {"navn": "pilot", "koder": ["Mette"], "andre": "Ali", "andel": "100"}


@pytest.fixture
def desk(tmp_path: Path, coded_database: str) -> Desk:
    return desk_at(tmp_path, coded_database)


@pytest.fixture
def leader(desk: Desk) -> Iterator[TestClient]:
    with client(desk, "Leder") as browser:
        yield browser


@pytest.fixture
def people(desk: Desk) -> Iterator[dict[str, TestClient]]:
    with client(desk, "Mette") as mette, client(desk, "ali") as ali:
        yield {"Mette": mette, "Ali": ali}


def draw(browser: TestClient, **changes: object) -> str:
    answer = browser.post("/runder", data={**WEAK, **changes}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def give(browser: TestClient, address: str, *codes: str) -> dict[str, str]:
    """Answer the first passage left with some codes."""
    page = browser.get(f"{address}/kod").text
    found = re.search(r'data-passage="(\d+)"', page)
    assert found, "no passage left"
    given = [{"code": code, "valence": "barriere", "start": None, "end": None} for code in codes]
    answer = browser.post(f"{address}/kod", json={"passage": int(found[1]), "given": given})
    assert answer.status_code == 200, answer.text
    told: dict[str, str] = answer.json()
    return told


def finish(browser: TestClient, address: str, *codes: str) -> None:
    """Answer the first passage with some codes and all others with none."""
    told = give(browser, address, *codes)
    while "nr=" in told["next"]:
        told = give(browser, address)


def settle(browser: TestClient, address: str, code: str, *, seen: int = 0) -> dict[str, object]:
    given = [{"code": code, "valence": "barriere", "start": None, "end": None}]
    body = {"passage": 1, "given": given, "reason": "læst igen", "seen": seen}
    answer = browser.post(f"{address}/afgoer", json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, object] = answer.json()
    return told


def test_a_round_from_drawing_to_adjudication(desk: Desk, leader: TestClient, people: dict[str, TestClient]) -> None:
    address = draw(leader)
    finish(people["Mette"], address, "styring.drift")
    finish(people["Ali"], address, "topledelse.opbakning")
    page = leader.get(address).text
    assert "Mette – Ali" in page
    assert "Mette – maskinen" in page
    assert "Afgør 1 uenighed" in page
    page = leader.get(f"{address}/afgoer").text
    assert "Som Mette" in page
    assert "Som Ali" in page
    assert settle(leader, address, "styring.drift")["message"] == "Afgjort."
    assert settle(leader, address, "styring", seen=0)["refused"]
    assert settle(leader, address, "styring", seen=1)["message"] == "Afgjort."
    assert {one.code for one in effective(desk) if one.status == "godkendt"} == {"styring"}
    assert leader.post(f"{address}/enige", follow_redirects=False).status_code == 303
    assert "Overtag det" not in leader.get(address).text
    assert "Runden er lukket" in people["Mette"].get(f"{address}/kod").text


def test_a_coder_sees_no_codes_before_the_last_answer(desk: Desk, people: dict[str, TestClient]) -> None:
    mette = people["Mette"]
    coding = rows(desk)[0]
    address = draw(mette)
    for page in ("/kort", f"/kort?id={coding.id}", "/liste?status=alle", "/koder/topledelse.opbakning?status=alle"):
        assert not re.search(r'(article|tr|li draggable="true") [^>]*data-id="\w', mette.get(page).text), page
    assert 'class="chip' not in mette.get("/interview/1").text
    assert mette.get(f"/kort/del?id={coding.id}").json()["id"] == ""
    for page in (f"{address}/afgoer", "/excel/kodninger.xlsx"):
        assert mette.get(page, headers={"accept": "text/html"}).status_code == 409
    assert "Cohens kappa" not in mette.get(address).text
    blind = mette.get(f"{address}/kod").text
    assert "Hvorfor" not in blind
    assert "data-score" not in blind
    finish(mette, address, "styring.drift")
    assert 'data-id="' in mette.get("/kort").text
    answer = mette.post(f"{address}/kod", json={"passage": 1, "given": []})
    assert (answer.status_code, "kan ikke rettes" in answer.json()["message"]) == (409, True)


def test_what_makes_no_round_is_refused(leader: TestClient, people: dict[str, TestClient]) -> None:
    for changes in ({"andre": ""}, {"navn": " "}, {"andre": "Mette"}):
        assert leader.post("/runder", data={**WEAK, **changes}, headers={"accept": "text/html"}).status_code == 409
    address = draw(leader)
    assert leader.post("/runder", data=WEAK, headers={"accept": "text/html"}).status_code == 409
    assert leader.get(f"{address}/kod", headers={"accept": "text/html"}).status_code == 409
    assert leader.post(f"{address}/kod", json={"passage": 1, "given": []}).status_code == 409
    assert leader.get("/runder/findes-ikke", headers={"accept": "text/html"}).status_code == 409
    bad = [{"code": "findes.ikke", "valence": "barriere"}]
    assert people["Mette"].post(f"{address}/kod", json={"passage": 1, "given": bad}).status_code == 409
    assert people["Mette"].post(f"{address}/kod", json={"passage": 99, "given": []}).status_code == 409


def test_a_changed_transcript_keeps_nobody_from_finishing(desk: Desk, people: dict[str, TestClient]) -> None:
    address = draw(people["Mette"])
    with desk.write() as session:
        session.get_one(DocumentRow, 1).digest = "changed"
    finish(people["Mette"], address)
    assert "Du er færdig" in people["Mette"].get(f"{address}/kod").text


def test_a_settling_is_settled_anew_and_not_undone_elsewhere(
    desk: Desk, leader: TestClient, people: dict[str, TestClient]
) -> None:
    last = rows(desk)[-1]
    decide(desk, Seen(last.id, last.revision), [Change(Action.REJECT)], "Leder")
    address = draw(leader)
    finish(people["Mette"], address, "styring.drift")
    finish(people["Ali"], address)
    settle(leader, address, "styring.drift")
    (taken,) = undo(desk, "Leder").events
    assert (taken.coding_id, taken.action) == (last.id, Action.REJECT)
    with desk.read() as session:
        assert rounds(session, STUDY)[0].closed
    assert [one.code for one in effective(desk) if one.status == "godkendt"] == ["styring.drift"]

"""The review page without a browser: what it answers, and whom."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from sqlalchemy import MetaData, select

from qualcode.coding.coder import Coder
from qualcode.review.desk import Desk
from qualcode.review.web.app import create_app
from qualcode.store.analysts import log_in, logged_in, set_password
from qualcode.store.studies import remember_study
from tests.reviewing import STUDY, desk_at, rows

EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing listens in these tests
ORIGIN = "http://127.0.0.1:8470"
PAGES = (
    "/kort",
    "/liste?status=alle",
    "/koder",
    "/koder/topledelse.opbakning",
    "/koder/topledelse.opbakning/saml?til=ledelse",
    "/interview",
    "/interview/3",
    "/soeg?q=opbakning",
    "/soeg?q=opbakning&maade=ord",
    "/fremdrift",
    "/indstillinger",
)


@pytest.fixture
def desk(tmp_path: Path, coded_database: str) -> Desk:
    return desk_at(tmp_path, coded_database)


def client(desk: Desk, name: str = "", host: str = "127.0.0.1") -> TestClient:
    """Return a browser of sorts at the page, logged in if it has a name."""
    browser = TestClient(
        create_app(desk, host), base_url=ORIGIN, headers={"origin": ORIGIN}, raise_server_exceptions=False
    )
    if name:
        assert browser.post("/log-ind", data={"navn": name}, follow_redirects=False).status_code == 303
    return browser


@pytest.fixture
def mette(desk: Desk) -> Iterator[TestClient]:
    with client(desk, "Mette") as browser:
        yield browser


def shown(page: str) -> tuple[str, int]:
    """Return id and revision of the card on a page."""
    found = re.search(r'<article class="card" data-id="(\w+)" data-revision="(\d+)"', page)
    assert found, "no card"
    return found[1], int(found[2])


def post(browser: TestClient, coding: tuple[str, int], *changes: dict[str, object], query: str = "") -> dict[str, str]:
    answer = browser.post(f"/kort?{query}", json={"id": coding[0], "revision": coding[1], "changes": list(changes)})
    assert answer.status_code == 200, answer.text
    told: dict[str, str] = answer.json()
    return told


def test_nobody_sees_anything_before_saying_who_they_are(desk: Desk) -> None:
    with client(desk) as browser:
        for page in PAGES:
            answer = browser.get(page, follow_redirects=False)
            assert (answer.status_code, answer.headers["location"]) == (303, "/log-ind")
        assert browser.post("/kort", json={}).status_code == 401
        assert browser.get("/aendringer?efter=0", headers={"accept": "application/json"}).status_code == 401


@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_there_and_says_it_is_not_to_be_kept(mette: TestClient, page: str) -> None:
    answer = mette.get(page)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_inline_script_or_style_or_reaches_outside(mette: TestClient, page: str) -> None:
    text = mette.get(page).text
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style", text)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text)


@pytest.mark.parametrize(
    "page", ["/interview/3", "/koder/topledelse.opbakning", "/liste?status=alle", "/soeg?q=opbakning"]
)
def test_markup_in_a_transcript_is_text(mette: TestClient, page: str) -> None:
    text = mette.get(page).text
    assert "<script>alert" not in text
    assert "<b>chef</b>" not in text
    assert "alert" in html.unescape(text)


def test_markup_on_the_card_is_text(mette: TestClient, desk: Desk) -> None:
    row = next(row for row in rows(desk) if row.document_id == 3)
    text = mette.get(f"/kort?id={row.id}").text
    assert "&lt;script&gt;alert" in text
    assert "<script>alert" not in text
    told = post(mette, (row.id, 0), {"action": "memo", "reason": "<img src=x onerror=alert(1)>"})
    assert "<img" not in told["html"]


def test_deciding_shows_the_next_card_and_undo_the_last(mette: TestClient, desk: Desk) -> None:
    first = shown(mette.get("/kort").text)
    told = post(mette, first, {"action": "accept"})
    assert told["message"] == "Godkendt."
    assert told["id"] != first[0]
    second = shown(told["html"])
    post(mette, second, {"action": "reject"})
    assert [mette.post("/fortryd").json()["id"] for _ in range(2)] == [second[0], first[0]]
    assert mette.post("/fortryd").json() == {"message": "Du har intet at fortryde."}
    assert {row.status for row in rows(desk)} == {"foreslået"}


def test_what_is_no_verdict_stays_on_the_card(mette: TestClient) -> None:
    coding = shown(mette.get("/kort").text)
    for change in ({"action": "showcase"}, {"action": "value", "valence": "behov"}, {"action": "memo", "reason": "hm"}):
        told = post(mette, coding, change)
        assert told["id"] == coding[0]
        coding = shown(told["html"])
    assert coding[1] == 3
    assert "fremhæv" in told["html"]


def test_a_colleagues_decision_is_told_and_a_stale_one_refused(mette: TestClient, desk: Desk) -> None:
    coding = shown(mette.get("/kort").text)
    with client(desk, "Jens") as jens:
        post(jens, coding, {"action": "recode", "code": "styring.drift"})
    told = mette.get("/aendringer?efter=0").json()
    assert told["events"][0]["told"].startswith("Jens: omkodet til Driften (")
    assert told["codings"][coding[0]]["revision"] == 1
    refused = post(mette, coding, {"action": "accept"})
    assert refused["message"].startswith("Ikke gemt: Kodningen er ændret imens. Jens: omkodet til Driften (")
    assert shown(refused["html"]) == (coding[0], 1)
    assert mette.get(f"/aendringer?efter={told['last']}").json() == {"last": told["last"], "events": [], "codings": {}}


def test_many_are_accepted_and_undone_as_one(mette: TestClient, desk: Desk) -> None:
    everything = [{"id": row.id, "revision": row.revision} for row in rows(desk)]
    told = mette.post("/afgoerelser", json={"seen": everything, "action": "accept"}).json()
    assert told["message"] == f"{len(everything)} kodninger godkendt."
    assert mette.post("/fortryd").json()["message"] == f"Taget tilbage: {len(everything)} afgørelser."


def test_a_second_look_hides_the_verdict_and_ends(mette: TestClient, desk: Desk) -> None:
    for row in rows(desk)[:2]:
        post(mette, (row.id, 0), {"action": "reject"})
    page = mette.get("/kort?koe=andet-kig").text
    query = re.search(r'data-query="([^"]*)"', page)
    assert query and "til=2" in query[1]
    assert "status afvist" not in page
    told = post(mette, shown(page), {"action": "reject"}, query=html.unescape(query[1]))
    assert told["message"] == "Afvist. Det samme sagde du sidst."
    told = post(mette, shown(told["html"]), {"action": "accept"}, query=html.unescape(query[1]))
    assert told["message"] == "Godkendt. Sidst afviste du den."
    assert told["id"] == ""


def test_coding_a_selection_and_notes(mette: TestClient, desk: Desk) -> None:
    row = rows(desk)[0]
    body = {"document": row.document_id, "start": row.start, "end": row.start + 9, "code": "ledelse"}
    assert mette.post("/kort/tilfoej", json=body).json()["message"] == "Tilføjet: Den nærmeste ledelse."
    note = {"slags": "interview", "om": "", "nummer": str(row.document_id), "tekst": "Sad <b>uroligt</b>"}
    assert "Sad &lt;b&gt;uroligt" in mette.post("/notat", data=note).text
    assert mette.post("/notat", data=note | {"slags": "code", "om": "findes-ikke"}).status_code == 409


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://ond.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
        {"origin": ORIGIN, "sec-fetch-site": "same-site"},
        {"origin": "http://127.0.0.1:9999"},
    ],
)
def test_what_another_site_posts_is_refused(mette: TestClient, desk: Desk, headers: dict[str, str]) -> None:
    row = rows(desk)[0]
    body = {"id": row.id, "revision": 0, "changes": [{"action": "accept"}]}
    assert mette.post("/kort", json=body, headers=headers).status_code == 403
    assert rows(desk)[0].revision == 0


def test_a_post_without_origin_is_refused(desk: Desk) -> None:
    with TestClient(create_app(desk), base_url=ORIGIN) as browser:
        assert browser.post("/log-ind", data={"navn": "Mette"}).status_code == 403


@pytest.mark.parametrize("host", ["ond.example", "127.0.0.1.ond.example", "", "[", "localhost.ond.example:8470"])
def test_a_foreign_host_name_gets_nothing(mette: TestClient, host: str) -> None:
    assert mette.get("/kort", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e%2fapp.py", "/static/app.py", "/static//etc/passwd"],
)
def test_no_path_reaches_the_file_system(mette: TestClient, path: str) -> None:
    assert mette.get(path).status_code == 404


def test_the_cookie_is_out_of_reach_of_scripts_and_sites(desk: Desk) -> None:
    with client(desk) as browser:
        answer = browser.post("/log-ind", data={"navn": "Mette"}, follow_redirects=False)
    assert {"HttpOnly", "SameSite=strict"} <= set(answer.headers["set-cookie"].split("; "))


def test_other_machines_need_a_password(desk: Desk) -> None:
    with desk.database.write() as session:
        set_password(session, "Mette", PasswordHash.recommended().hash("korrekt hest"))
        unproven = log_in(session, "Mette", proven=False)
    with client(desk, host=EVERYWHERE) as browser:
        assert browser.post("/log-ind", data={"navn": "Jens"}).status_code == 403
        assert browser.post("/log-ind", data={"navn": "Mette", "kodeord": "forkert"}).status_code == 403
        assert browser.get("/kort", cookies={"qualcode": unproven}, follow_redirects=False).status_code == 303
        answer = browser.post("/log-ind", data={"navn": "Mette", "kodeord": "korrekt hest"}, follow_redirects=False)
        assert answer.status_code == 303
        assert browser.get("/kort").status_code == 200
        browser.post("/log-ud")
        assert browser.get("/kort", follow_redirects=False).status_code == 303


def test_a_name_with_a_password_is_not_to_be_had_without_it_here_either(desk: Desk) -> None:
    with desk.database.write() as session:
        set_password(session, "Mette", PasswordHash.recommended().hash("korrekt hest"))
    with client(desk) as browser:
        answer = browser.post("/log-ind", data={"navn": "Mette"})
        assert answer.status_code == 403
        assert 'type="password"' in answer.text


def test_a_new_password_logs_out_and_tokens_are_not_kept_in_clear(desk: Desk) -> None:
    with desk.database.write() as session:
        token = log_in(session, "Mette", proven=True)
    with desk.database.write() as session:
        assert logged_in(session, token)
        set_password(session, "Mette", "hash")
        assert logged_in(session, token) is None
    with desk.database.read() as session:
        kept = MetaData()
        kept.reflect(session.connection())
        rows = [str(row) for table in kept.sorted_tables for row in session.execute(select(table))]
    assert any("Mette" in row for row in rows)
    assert not any(token in row for row in rows)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": "x", "revision": -1, "changes": [{"action": "accept"}]},
        {"id": "x", "revision": 0, "changes": []},
        {"id": "x", "revision": 0, "changes": [{"action": "undo"}]},
        {"id": "x", "revision": 0, "changes": [{"action": "add"}]},
        {"id": "x", "revision": 0, "changes": [{"action": "memo", "reason": "hemmeligt " * 1000}]},
    ],
)
def test_a_malformed_call_is_one_line_that_repeats_nothing(mette: TestClient, body: dict[str, object]) -> None:
    answer = mette.post("/kort", json=body)
    assert answer.status_code == 422
    assert "hemmeligt" not in answer.text


def test_settings_are_kept_and_english_is_there(mette: TestClient) -> None:
    mette.post("/indstillinger", data={"sprog": "en", "tema": "dark"})
    page = mette.get("/kort").text
    assert 'lang="en" data-theme="dark"' in page
    assert 'data-shortcuts="off"' in page
    assert "Accept" in page


def test_the_codebook_is_read_again_when_it_changes(desk: Desk, coder: Coder, tmp_path: Path) -> None:
    copy = tmp_path / "bog.yaml"
    copy.write_text(desk.codebook_file.read_text(encoding="utf-8"), encoding="utf-8")
    with desk.database.write() as session:
        remember_study(session, STUDY, tmp_path, copy)
    other = Desk(desk.database, STUDY, tmp_path)
    assert other.codebook.title == "Minikodebog"
    copy.write_text(copy.read_text(encoding="utf-8").replace("Minikodebog", "Bog to"), encoding="utf-8")
    assert other.codebook.title == "Bog to"

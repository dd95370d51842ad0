"""Excel and learning as an analyst does them: by buttons, looking before anything is stored or replaced."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from qualcode import jobs
from qualcode.coding.encoder import NgramEncoder
from qualcode.exchange.excel_layout import CODINGS, COLUMNS
from qualcode.models import Action, Status
from qualcode.review.acts import Change, Seen, decide
from qualcode.review.desk import Desk
from tests.browser.test_reviewing import press, violations
from tests.reviewing import effective, rows

Enter = Callable[..., Page]


def test_excel_round_trip(enter: Enter, desk: Desk, tmp_path: Path) -> None:
    page = enter("Mette")
    page.goto("/liste")
    page.get_by_role("link", name="Excel").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Hent som Excel").click()
    file = tmp_path / "kodninger.xlsx"
    download.value.save_as(file)
    book = load_workbook(file)
    book[CODINGS].cell(2, [column.key for column in COLUMNS].index("decision") + 1).value = "godkend"
    book.save(file)
    page.get_by_label("Udfyldt ark").set_input_files(file)
    page.get_by_role("button", name="Se, hvad der vil ske").click()
    expect(page.get_by_text("nye afgørelser")).to_be_visible()
    assert violations(page, "excel") == []
    assert {one.status for one in effective(desk)} == {Status.FORESLAAET}
    page.get_by_role("button", name="Gem det hele").click()
    expect(page.get_by_text("Afgørelserne er gemt")).to_be_visible()
    assert [one.analyst for one in effective(desk) if one.status is Status.GODKENDT] == ["Mette"]
    page.goto("/kort")
    press(page, "z", "Taget tilbage")
    assert {one.status for one in effective(desk)} == {Status.FORESLAAET}


def test_learning_is_looked_at_and_then_used(enter: Enter, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "make_encoder", lambda *_: NgramEncoder())
    for number, row in enumerate(rows(desk)):
        action = Action.REJECT if number % 3 == 0 else Action.ACCEPT
        decide(desk, Seen(row.id, row.revision), [Change(action)], "Mette")
    page = enter("Mette")
    page.goto("/laering")
    page.get_by_role("button", name="Se, hvad koderen vil lære").click()
    expect(page.get_by_role("heading", name="Det vil koderen lære")).to_be_visible(timeout=120_000)
    assert violations(page, "learning") == []
    page.get_by_role("button", name="Tag i brug", exact=True).click()
    expect(page.get_by_role("row", name="1").get_by_text("i brug", exact=True)).to_be_visible(timeout=120_000)

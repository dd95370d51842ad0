"""Analysts at work: by keyboard, after a reload, together, many at once, on every page."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from qualcode.models import Action
from qualcode.review.acts import Change, Seen, decide
from qualcode.review.desk import Desk
from tests.reviewing import rows

Enter = Callable[..., Page]
PAGES = (
    "/kort",
    "/kort?kode=findes-ikke",
    "/liste?status=alle",
    "/koder",
    "/koder/topledelse.opbakning?status=alle",
    "/koder/topledelse.opbakning/saml?til=ledelse",
    "/interview",
    "/interview/1",
    "/soeg?q=opbakning",
    "/fremdrift",
    "/indstillinger",
)


def current(page: Page) -> tuple[str, int]:
    card = page.locator("article.card")
    return card.get_attribute("data-id") or "", int(card.get_attribute("data-revision") or 0)


def press(page: Page, key: str, said: str) -> None:
    """Press a key and wait for what the page says of it."""
    page.evaluate("document.getElementById('toast').textContent = ''")
    page.keyboard.press(key)
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()


def test_twenty_decisions_by_keyboard_and_undo_after_a_reload(enter: Enter, desk: Desk) -> None:
    page = enter("Mette")
    page.goto("/kort")
    keys = {"a": ("Godkendt.", "godkendt"), "r": ("Afvist.", "afvist")}
    decided: list[tuple[str, str]] = []
    while len(decided) < 20:
        waiting = sum(row.status == "foreslået" for row in rows(desk))
        if not waiting:
            page.goto("/kort?koe=andet-kig")
        key = "ar"[len(decided) % 2]
        coding, _ = current(page)
        press(page, key, keys[key][0])
        decided.append((coding, keys[key][1]))
    standing = {row.id: row.status for row in rows(desk)}
    assert all(standing[coding] == status for coding, status in dict(decided).items())
    page.reload()
    page.goto("/kort")
    for _ in range(20):
        press(page, "z", "Taget tilbage")
    assert {row.status for row in rows(desk)} == {"foreslået"}
    press(page, "z", "Du har intet at fortryde")


def test_a_code_is_found_by_typing_and_again_by_its_number(enter: Enter, desk: Desk) -> None:
    page = enter("Mette")
    page.goto("/kort")
    first, _ = current(page)
    page.keyboard.press("c")
    page.keyboard.type("drif")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Omkodet til Driften.")).to_be_visible()
    second, _ = current(page)
    assert second != first
    press(page, "1", "Omkodet til Driften.")
    codes = {row.id: row.code for row in rows(desk)}
    assert codes[first] == codes[second] == "styring.drift"


def test_valence_mark_memo_and_an_added_code(enter: Enter, desk: Desk) -> None:
    page = enter("Mette")
    page.goto("/kort")
    coding, _ = current(page)
    page.keyboard.press("v")
    page.keyboard.press("3")
    expect(page.get_by_role("status").filter(has_text="Valensen er ændret.")).to_be_visible()
    press(page, "f", "Fremhævet")
    page.keyboard.press("m")
    page.keyboard.type("a r c: her er genvejene døde")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("her er genvejene døde")).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.type("styring og")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Tilføjet: Styring og regler.")).to_be_visible()
    row = next(row for row in rows(desk) if row.id == coding)
    assert (row.valence, row.mark, row.memos, row.status) == ("behov", "fremhæv", 1, "foreslået")
    assert any(row.code == "styring" and row.source == "menneske" for row in rows(desk))


def test_a_passage_is_trimmed_by_sentence_and_by_mouse(enter: Enter, desk: Desk) -> None:
    row = max(rows(desk), key=lambda row: row.end - row.start)
    page = enter("Mette")
    page.goto(f"/kort?id={row.id}")
    page.keyboard.press(",")
    expect(page.locator(".pending")).to_be_visible()
    press(page, "Enter", "Tekststykket er rettet.")
    trimmed = next(other for other in rows(desk) if other.id == row.id)
    assert (trimmed.start, trimmed.status) == (row.start, "foreslået")
    assert trimmed.end < row.end
    piece = page.locator("#turn span.quote").first
    box = piece.bounding_box()
    assert box
    page.mouse.move(box["x"] + 2, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 12, steps=4)
    page.mouse.up()
    expect(page.locator(".pending")).to_be_visible()
    press(page, "a", "Godkendt.")
    moved = next(other for other in rows(desk) if other.id == row.id)
    assert (moved.start, moved.status) == (row.start, "godkendt")
    assert moved.end < trimmed.end


def test_offsets_are_right_behind_an_emoji(enter: Enter, desk: Desk) -> None:
    page = enter("Mette")
    page.goto("/interview/3")
    page.evaluate(
        """() => {
            const words = document.querySelector("[data-turn]");
            const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const place = node.data.indexOf("græsset");
                if (place < 0) continue;
                const range = document.createRange();
                range.setStart(node, place);
                range.setEnd(node, place + 7);
                document.getSelection().removeAllRanges();
                document.getSelection().addRange(range);
            }
        }"""
    )
    page.get_by_role("button", name="Kod markeringen").click()
    page.keyboard.type("driften")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Tilføjet: Driften.")).to_be_visible()
    with desk.read() as session:
        text = desk.interview(session, 3).text
    added = [row for row in rows(desk) if row.source == "menneske"]
    assert [text[row.start : row.end] for row in added] == ["græsset"]


def test_two_analysts_see_each_other_and_overwrite_nothing(enter: Enter, desk: Desk) -> None:
    mette, jens = enter("Mette"), enter("Jens")
    coding, _ = current(mette)
    jens.goto(f"/kort?id={coding}")
    press(jens, "r", "Afvist.")
    expect(mette.get_by_role("status").filter(has_text="Jens: afvist")).to_be_visible()
    expect(mette.locator("article.card")).to_have_attribute("data-revision", "1")
    expect(mette.locator(".status.afvist").first).to_be_visible()
    # Before the page has heard of it: the server tells.
    jens.goto("/kort")
    other, revision = current(jens)
    mette.goto(f"/kort?id={other}")
    decide(desk, Seen(other, revision), [Change(Action.REJECT)], "Jens")
    mette.evaluate("document.querySelector('article').dataset.revision")
    mette.keyboard.press("a")
    expect(mette.get_by_role("status").filter(has_text="Jens: afvist")).to_be_visible()
    assert next(row for row in rows(desk) if row.id == other).status == "afvist"


def test_those_on_screen_are_accepted_and_taken_back_as_one(enter: Enter, desk: Desk) -> None:
    page = enter("Mette")
    page.goto("/liste")
    page.get_by_label("Foreslåede med mindst").fill("60")
    high = [row.id for row in rows(desk) if row.score >= 0.6]
    page.get_by_role("button", name=f"Godkend de {len(high)} på skærmen").click()
    expect(page.get_by_role("status").filter(has_text=f"{len(high)} kodninger godkendt.")).to_be_visible()
    assert sorted(row.id for row in rows(desk) if row.status == "godkendt") == sorted(high)
    page.get_by_role("button", name="Fortryd").click()
    expect(page.get_by_role("status").filter(has_text=f"{len(high)} afgørelser")).to_be_visible()
    assert {row.status for row in rows(desk)} == {"foreslået"}


def test_a_quote_is_dragged_to_another_code_and_some_are_moved(enter: Enter, desk: Desk) -> None:
    page = enter("Mette")
    page.goto("/koder/topledelse.opbakning")
    quotes = page.locator(".wall li")
    dragged = quotes.first.get_attribute("data-id")
    quotes.first.locator("blockquote").drag_to(page.locator('.targets [data-code="ledelse"]'))
    page.get_by_role("dialog").get_by_role("button", name="Flyt").click()
    expect(page.get_by_role("status").filter(has_text="1 kodning flyttet.")).to_be_visible()
    assert next(row.code for row in rows(desk) if row.id == dragged) == "ledelse"
    page.goto("/koder/topledelse.opbakning")
    page.get_by_label("Alle på skærmen").check()
    page.get_by_role("button", name="Flyt valgte").click()
    page.keyboard.type("driften")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Flyt").click()
    expect(page.get_by_role("status").filter(has_text="flyttet.")).to_be_visible()
    assert not [row for row in rows(desk) if row.code == "topledelse.opbakning"]


def test_shortcuts_can_be_switched_off(enter: Enter, desk: Desk) -> None:
    page = enter("Mette")
    page.goto("/indstillinger")
    page.get_by_label("Afgør med én tast").uncheck()
    page.get_by_role("button", name="Gem").click()
    page.goto("/kort")
    page.keyboard.press("a")
    page.get_by_role("button", name="Afvis").click()
    expect(page.get_by_role("status").filter(has_text="Afvist.")).to_be_visible()
    assert [row.status for row in rows(desk) if row.revision] == ["afvist"]


def test_a_script_in_a_transcript_does_nothing(enter: Enter, desk: Desk) -> None:
    page = enter("Mette")
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    for path in ("/interview/3", "/liste", "/soeg?q=opbakning", "/kort?interview=3"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
    assert alerts == []
    page.goto("/interview/3")
    expect(page.get_by_text('</blockquote><script>alert("af")</script>')).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible(enter: Enter, desk: Desk, scheme: str) -> None:
    first = rows(desk)[0]
    decide(desk, Seen(first.id, 0), [Change(Action.ACCEPT), Change(Action.SHOWCASE)], "Mette")
    page = enter("Mette", color_scheme=scheme)
    told = []
    for path in PAGES:
        page.goto(path)
        told += violations(page, path)
    page.goto("/kort")
    for key, what in (("?", "help"), ("c", "codes"), ("v", "valences"), ("m", "memo")):
        page.keyboard.press(key)
        page.locator(f"dialog#{what}").wait_for()
        told += violations(page, what)
        page.keyboard.press("Escape")
        page.locator(f"dialog#{what}").wait_for(state="hidden")
    page.keyboard.press("o")
    told += violations(page, "around")
    assert told == []


def violations(page: Page, where: str) -> list[str]:
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    return [
        f"{where}: {one['id']}: {one['nodes'][0]['html'][:200]} {one['nodes'][0].get('failureSummary', '')[:300]}"
        for one in found.response["violations"]
    ]


@pytest.mark.parametrize("width", [1280, 820])
def test_nothing_sticks_out_sideways(enter: Enter, width: int) -> None:
    page = enter("Mette")
    page.set_viewport_size({"width": width, "height": 1000})
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path

"""A blind round from drawing lots to adjudication, by three people in three browsers."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import select

from qualcode.agreement.rounds import rounds
from qualcode.models import Status
from qualcode.review.desk import Desk
from qualcode.store.schema import AdjudicationRow
from tests.browser.test_reviewing import press, violations
from tests.reviewing import STUDY, effective, rows

Enter = Callable[..., Page]


def draw(page: Page) -> str:
    """Draw a round of all passages for Mette and Ali, and return its address."""
    page.goto("/runder")
    page.get_by_label("Navn", exact=True).fill("pilot")
    page.get_by_label("Andre navne").fill("Mette, Ali")
    page.get_by_label("Leder").uncheck()
    page.get_by_role("spinbutton", name="Andel").fill("100")
    page.get_by_role("button", name="Træk lod").click()
    page.get_by_role("heading", name="pilot").wait_for()
    return page.url


def ready(page: Page) -> None:
    """Wait until keys do something."""
    expect(page.locator("[data-do=save] span")).not_to_be_empty()


def code_all(page: Page, address: str, *typed: str) -> None:
    """Give the first passage some codes and the others none, by keyboard."""
    page.goto(f"{address}/kod")
    ready(page)
    for words in typed:
        page.keyboard.press("c")
        page.keyboard.type(words)
        page.keyboard.press("Enter")
    expect(page.locator("#given li")).to_have_count(len(typed))
    page.keyboard.press("a")
    expect(page.get_by_role("status").filter(has_text="Gemt")).to_be_visible()
    while page.locator("#work").count():
        ready(page)
        number = page.locator("#answer").get_attribute("data-passage")
        page.keyboard.press("Enter")
        expect(page.locator(f'#answer[data-passage="{number}"]')).to_have_count(0)
    expect(page.get_by_role("heading", name="Du er færdig")).to_be_visible()


def test_a_blind_round_to_adjudication(enter: Enter, desk: Desk) -> None:
    leader, mette, ali = enter("Leder"), enter("Mette"), enter("Ali")
    suggestions = rows(desk)
    address = draw(leader)

    mette.goto(f"{address}/kod")
    body = mette.locator("body").inner_text()
    assert "%" not in body, "a suggestion's probability is on a blind page"
    mette.goto("/kort")
    expect(mette.get_by_role("heading", name="Køen er tom")).to_be_visible()
    mette.goto(f"/kort?id={suggestions[0].id}")
    expect(mette.locator("article.card")).to_have_count(0)
    mette.goto("/interview/1")
    expect(mette.locator(".chip")).to_have_count(0)
    mette.goto(f"{address}/afgoer")
    expect(mette.get_by_text("Du har selv afsnit tilbage")).to_be_visible()
    leader.goto("/interview/1")
    assert leader.locator(".chip").count() > 0

    code_all(mette, address, "driften")
    ali.goto(address)
    expect(ali.get_by_text("Du ser hverken de andres koder")).to_be_visible()
    code_all(ali, address, "opbakning")
    mette.goto("/kort")
    expect(mette.locator("article.card")).to_be_visible()

    leader.goto(address)
    expect(leader.get_by_role("heading", name="Mette – Ali")).to_be_visible()
    expect(leader.get_by_role("heading", name="Mette – maskinen")).to_be_attached()
    leader.get_by_role("link", name="Afgør 1 uenighed").click()
    expect(leader.locator(".answers section")).to_have_count(2)
    ready(leader)
    leader.keyboard.press("2")
    expect(leader.locator("#given li")).to_have_count(1)
    press(leader, "a", "Afgjort.")
    expect(leader.get_by_role("heading", name="Alt er afgjort")).to_be_visible()
    with desk.read() as session:
        (of,) = rounds(session, STUDY)
        (settled,) = session.scalars(select(AdjudicationRow))
    assert of.closed
    assert (settled.analyst, settled.reason) == ("Leder", "som Ali")
    assert [code["code"] for code in settled.codes] == ["topledelse.opbakning"]
    accepted = [one for one in effective(desk) if one.status is Status.GODKENDT]
    assert [(one.code, one.analyst) for one in accepted] == [("topledelse.opbakning", "Leder")]

    # Settled anew: the earlier outcome stays to be seen.
    leader.goto(f"{address}/afgoer?nr={settled.passage}")
    ready(leader)
    leader.keyboard.press("z")
    leader.keyboard.press("1")
    press(leader, "a", "Afgjort.")
    leader.goto(f"{address}/afgoer?nr={settled.passage}")
    expect(leader.locator(".history li")).to_have_count(2)
    assert [one.code for one in effective(desk) if one.status is Status.GODKENDT] == ["styring.drift"]
    leader.goto(address)
    leader.get_by_role("button", name="Overtag det, I er enige om").click()
    expect(leader.get_by_role("button", name="Overtag det, I er enige om")).to_have_count(0)


def test_a_colleagues_settling_is_not_overwritten(enter: Enter, desk: Desk) -> None:
    leader, mette, ali = enter("Leder"), enter("Mette"), enter("Ali")
    address = draw(leader)
    code_all(mette, address, "driften")
    code_all(ali, address, "opbakning")
    leader.goto(f"{address}/afgoer")
    mette.goto(f"{address}/afgoer")
    ready(mette)
    ready(leader)
    mette.keyboard.press("1")
    press(mette, "a", "Afgjort.")
    leader.keyboard.press("2")
    press(leader, "a", "Mette har afgjort afsnittet imens")
    with desk.read() as session:
        assert [row.analyst for row in session.scalars(select(AdjudicationRow))] == ["Mette"]


def test_marked_words_alone_get_the_next_code(enter: Enter, desk: Desk) -> None:
    leader = enter("Leder")
    address = draw(leader)
    page = enter("Mette")
    page.goto(f"{address}/kod")
    ready(page)
    box = page.locator("#turn .quote").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 1, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 12, steps=4)
    page.mouse.up()
    expect(page.locator("#answer .pending")).to_be_visible()
    page.keyboard.press("c")
    page.keyboard.type("driften")
    page.keyboard.press("Enter")
    expect(page.locator("#given .part")).to_contain_text("»")
    page.locator("#given select").select_option("behov")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Gem, og videre").click()
    expect(page.get_by_role("status").filter(has_text="Gemt med 1 kode.")).to_be_visible()
    ready(page)
    page.keyboard.press("b")
    expect(page.locator("#given select")).to_have_value("behov")
    expect(page.locator("#given .part")).to_contain_text("»")


def test_the_pages_of_a_round_are_accessible(enter: Enter) -> None:
    for scheme in ("light", "dark"):
        leader = enter("Leder", color_scheme=scheme)
        told = []
        if scheme == "light":
            address = draw(leader)
            mette, ali = enter("Mette"), enter("Ali")
            mette.goto(f"{address}/kod")
            ready(mette)
            mette.keyboard.press("c")
            mette.keyboard.type("driften")
            mette.keyboard.press("Enter")
            told += violations(mette, "blind")
            code_all(mette, address, "driften")
            told += violations(mette, "done")
            code_all(ali, address, "opbakning")
        for path in ("/runder", address, f"{address}/afgoer"):
            leader.goto(path)
            told += violations(leader, path)
            for width in (1280, 820):
                leader.set_viewport_size({"width": width, "height": 1000})
                assert leader.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert told == []

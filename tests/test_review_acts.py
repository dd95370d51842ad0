"""Decisions on the page: what they store, what they refuse, how they are taken back."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from qualcode.coding.coder import Coder
from qualcode.errors import UsageError
from qualcode.models import Action, Mark, Source, Status, Valence
from qualcode.review.acts import Change, Seen, StaleError, add, decide, decide_all, undo
from qualcode.review.decide import event_on
from qualcode.review.desk import Desk
from qualcode.review.merging import merge, preview
from qualcode.store.database import count_change
from qualcode.store.journal import append, numbered
from qualcode.store.schema import DecisionRow, StandingDocumentRow, StandingRow
from tests.conftest import CHEF
from tests.reviewing import STUDY, desk_at, effective, rows, store


@pytest.fixture
def desk(tmp_path: Path, coded_database: str) -> Desk:
    return desk_at(tmp_path, coded_database)


def seen(row: StandingRow) -> Seen:
    return Seen(row.id, row.revision)


def row_of(desk: Desk, coding_id: str) -> StandingRow:
    return next(row for row in rows(desk) if row.id == coding_id)


def as_compared(desk: Desk) -> tuple[list[object], list[object]]:
    """Return the page's table and the truth, in the same shape."""
    table = [
        (row.id, row.turn, row.start, row.end, row.code, row.valence, row.status, row.source, row.score, row.mark)
        for row in rows(desk)
    ]
    truth = [
        (
            coding.id,
            coding.turn,
            coding.start,
            coding.end,
            coding.code,
            coding.valence.value,
            coding.status.value,
            coding.source.value,
            coding.score,
            coding.mark.value if coding.mark else None,
        )
        for coding in effective(desk)
    ]
    return sorted(table, key=str), sorted(truth, key=str)


def test_the_table_is_what_the_journal_says(desk: Desk) -> None:
    table, truth = as_compared(desk)
    assert len(table) > 4
    assert table == truth


def test_a_verdict_a_new_code_a_valence_and_a_mark(desk: Desk) -> None:
    row = rows(desk)[0]
    decide(desk, seen(row), [Change(Action.RECODE, new_code="styring.drift")], "mette")
    decide(desk, Seen(row.id, 1), [Change(Action.VALUE, new_valence=Valence.DRIVKRAFT)], "mette")
    decide(desk, Seen(row.id, 2), [Change(Action.SHOWCASE)], "mette")
    now = row_of(desk, row.id)
    assert (now.code, now.status, now.valence, now.mark) == (
        "styring.drift",
        Status.GODKENDT.value,
        Valence.DRIVKRAFT.value,
        Mark.SHOWCASE.value,
    )
    assert (now.revision, now.analyst) == (3, "mette")


def test_a_corrected_passage_is_stored_with_the_verdict_and_undone_with_it(desk: Desk) -> None:
    row = next(row for row in rows(desk) if row.end - row.start > 20)
    span = (row.start, row.end - 10)
    decide(desk, seen(row), [Change(Action.MOVE, span=span), Change(Action.ACCEPT)], "mette")
    now = row_of(desk, row.id)
    assert now.end <= row.end - 10
    assert now.status == Status.GODKENDT.value
    assert len(undo(desk, "mette").events) == 2
    again = row_of(desk, row.id)
    assert (again.start, again.end, again.status) == (row.start, row.end, Status.FORESLAAET.value)


def test_a_stale_decision_is_refused_with_what_happened(desk: Desk) -> None:
    row = rows(desk)[0]
    decide(desk, seen(row), [Change(Action.REJECT)], "jens")
    with pytest.raises(StaleError) as caught:
        decide(desk, seen(row), [Change(Action.ACCEPT)], "mette")
    assert [(event.analyst, event.action) for event in caught.value.since] == [("jens", Action.REJECT)]
    assert row_of(desk, row.id).status == Status.AFVIST.value


def test_a_suggestion_that_is_gone_is_refused(desk: Desk) -> None:
    with pytest.raises(StaleError) as caught:
        decide(desk, Seen("findes-ikke", 0), [Change(Action.ACCEPT)], "mette")
    assert caught.value.since == ()


@pytest.mark.parametrize(
    "change",
    [
        Change(Action.RECODE, new_code="findes.ikke"),
        Change(Action.RECODE),
        Change(Action.VALUE),
        Change(Action.MOVE),
        Change(Action.MOVE, span=(0, 5)),
        Change(Action.MOVE, span=(5, 5)),
        Change(Action.MOVE, span=(-3, 10**9)),
        Change(Action.MEMO),
    ],
)
def test_what_cannot_be_done_stores_nothing(desk: Desk, change: Change) -> None:
    row = rows(desk)[0]
    with pytest.raises(UsageError):
        decide(desk, seen(row), [Change(Action.ACCEPT), change], "mette")
    assert row_of(desk, row.id).revision == 0


def test_coding_a_passage_that_nobody_suggested(desk: Desk) -> None:
    row = rows(desk)[0]
    with desk.read() as session:
        interview = desk.interview(session, row.document_id)
    turn = next(turn for turn in interview.turns if turn.number == row.turn)
    coding_id = add(desk, row.document_id, (turn.start, turn.start + 12), "ledelse", Valence.BEHOV, "mette")
    now = row_of(desk, coding_id)
    assert (now.source, now.status, now.suggested) == (Source.MENNESKE.value, Status.GODKENDT.value, False)
    assert add(desk, row.document_id, (turn.start, turn.start + 12), "ledelse", Valence.BEHOV, "mette") == coding_id
    undo(desk, "mette")
    undo(desk, "mette")
    assert coding_id not in {row.id for row in rows(desk)}


def test_the_interviewer_is_not_coded(desk: Desk) -> None:
    row = rows(desk)[0]
    with desk.read() as session:
        interview = desk.interview(session, row.document_id)
    asked = next(turn for turn in interview.turns if turn.interviewer)
    with pytest.raises(UsageError, match="respondents replik"):
        add(desk, row.document_id, (asked.start, asked.end), "ledelse", Valence.NEUTRAL, "mette")


def test_undo_goes_back_step_by_step_and_leaves_colleagues_alone(desk: Desk) -> None:
    first, second, third = rows(desk)[:3]
    for row in (first, second, third):
        decide(desk, seen(row), [Change(Action.ACCEPT)], "mette")
    decide(desk, Seen(second.id, 1), [Change(Action.REJECT)], "jens")
    assert [undo(desk, "mette").events[0].coding_id for _ in range(2)] == [third.id, first.id]
    with pytest.raises(UsageError, match="intet at fortryde"):
        undo(desk, "mette")
    assert row_of(desk, second.id).status == Status.AFVIST.value
    undo(desk, "jens")
    assert undo(desk, "mette").events[0].coding_id == second.id
    assert {row.status for row in rows(desk)} == {Status.FORESLAAET.value}


def test_many_at_once_skip_the_stale_and_are_undone_as_one(desk: Desk) -> None:
    before = rows(desk)
    decide(desk, seen(before[0]), [Change(Action.REJECT)], "jens")
    done = decide_all(desk, [seen(row) for row in before], Change(Action.ACCEPT), "mette")
    assert (done.changed, done.stale) == (len(before) - 1, (before[0].id,))
    undone = undo(desk, "mette")
    assert (len(undone.events), undone.held_by_others) == (len(before) - 1, 0)
    assert row_of(desk, before[0].id).status == Status.AFVIST.value


def test_part_of_an_act_that_a_colleague_has_been_at_stays(desk: Desk) -> None:
    before = rows(desk)[:3]
    decide_all(desk, [seen(row) for row in before], Change(Action.ACCEPT), "mette")
    decide(desk, Seen(before[1].id, 1), [Change(Action.REJECT)], "jens")
    undone = undo(desk, "mette")
    assert (len(undone.events), undone.held_by_others) == (2, 1)
    assert row_of(desk, before[1].id).status == Status.AFVIST.value


def test_nothing_in_the_journal_is_changed_by_undo(desk: Desk) -> None:
    row = rows(desk)[0]
    decide(desk, seen(row), [Change(Action.ACCEPT)], "mette")
    with desk.read() as session:
        before = numbered(session, STUDY)
    undo(desk, "mette")
    with desk.read() as session:
        after = numbered(session, STUDY)
    assert after[: len(before)] == before
    assert [event.action for _, event in after] == [Action.ACCEPT, Action.UNDO]


def test_merging_codes_moves_what_was_accepted_and_is_undone_as_one(desk: Desk) -> None:
    of_code = [row for row in rows(desk) if row.code == "topledelse.opbakning"]
    assert len(of_code) >= 2
    decide(desk, seen(of_code[0]), [Change(Action.ACCEPT)], "mette")
    with desk.read() as session:
        told = preview(session, STUDY, "topledelse.opbakning", "ledelse")
        upto = session.scalar(select(func.max(DecisionRow.id))) or 0
    assert (told.accepted, told.waiting, told.interviews) == (1, len(of_code) - 1, 1)
    assert merge(desk, "topledelse.opbakning", "ledelse", "mette", upto=upto, with_waiting=False).changed == 1
    assert row_of(desk, of_code[0].id).code == "ledelse"
    undo(desk, "mette")
    done = merge(desk, "topledelse.opbakning", "ledelse", "mette", upto=upto + 9, with_waiting=True)
    assert done.changed == len(of_code)
    undo(desk, "mette")
    assert {row.code for row in rows(desk) if row.id in {row.id for row in of_code}} == {"topledelse.opbakning"}


def test_merging_leaves_alone_what_changed_after_the_preview(desk: Desk) -> None:
    row = next(row for row in rows(desk) if row.code == "topledelse.opbakning")
    decide(desk, seen(row), [Change(Action.ACCEPT)], "jens")
    done = merge(desk, "topledelse.opbakning", "ledelse", "mette", upto=0, with_waiting=False)
    assert (done.changed, done.stale) == (0, (row.id,))


def test_the_table_follows_a_new_run_and_decisions_made_elsewhere(desk: Desk, coder: Coder) -> None:
    row = rows(desk)[0]
    with desk.database.read() as session:
        interview = desk.interview(session, row.document_id)
    coding = next(coding for coding in effective(desk) if coding.id == row.id)
    with desk.database.write() as session:
        event = event_on(coding, interview, None, study=STUDY, codebook="b")
        append(session, replace(event, action=Action.REJECT, analyst="kommandolinjen"))
    assert row_of(desk, row.id).status == Status.AFVIST.value
    store(desk.database, coder, "0.txt", CHEF.replace("Hvordan gik det så", "Hvordan gik det mon"))
    table, truth = as_compared(desk)
    assert table == truth
    assert row_of(desk, row.id).status == Status.AFVIST.value


def test_blind_rounds_do_not_show(desk: Desk) -> None:
    row = rows(desk)[0]
    decide(desk, seen(row), [Change(Action.ACCEPT)], "mette")
    with desk.database.write() as session:
        session.execute(update(DecisionRow).values(round="runde-1"))
        session.execute(update(StandingDocumentRow).values(made_from="x"))
        count_change(session)
    assert row_of(desk, row.id).status == Status.FORESLAAET.value


ACTS = st.lists(
    st.tuples(
        st.integers(0, 30),
        st.sampled_from(["accept", "reject", "recode", "value", "move", "mark", "memo", "add", "undo", "all"]),
        st.sampled_from(["mette", "jens"]),
        st.integers(0, 12),
    ),
    max_size=12,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_whatever_is_done_the_table_stays_what_the_journal_says(
    tmp_path_factory: pytest.TempPathFactory, coded_database: str, acts: list[tuple[int, str, str, int]]
) -> None:
    desk = desk_at(tmp_path_factory.mktemp("desk"), coded_database)
    codes = [code.id for code in desk.codebook.codes]
    for which, act, analyst, number in acts:
        found = rows(desk)
        row = found[which % len(found)]
        changes = {
            "accept": Change(Action.ACCEPT),
            "reject": Change(Action.REJECT),
            "recode": Change(Action.RECODE, new_code=codes[number % len(codes)]),
            "value": Change(Action.VALUE, new_valence=list(Valence)[number % 4]),
            "move": Change(Action.MOVE, span=(row.start, max(row.start + 3, row.end - number))),
            "mark": Change(Action.WITHHOLD),
            "memo": Change(Action.MEMO, reason="spørg igen"),
        }
        try:
            if act == "add":
                span = (row.start, row.start + number)
                add(desk, row.document_id, span, codes[number % len(codes)], Valence.NEUTRAL, analyst)
            elif act == "undo":
                undo(desk, analyst)
            elif act == "all":
                decide_all(desk, [seen(row) for row in found[number:]], Change(Action.ACCEPT), analyst)
            else:
                decide(desk, seen(row), [changes[act]], analyst)
        except UsageError:
            continue
        table, truth = as_compared(desk)
        assert table == truth

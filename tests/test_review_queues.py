"""Queues and filters: what comes, in what order, and what the address says."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.coding.coder import Coder
from qualcode.coding.encoder import NgramEncoder
from qualcode.models import Action, Interview, Kind, Level, Source, Status, Valence
from qualcode.review import meanings
from qualcode.review.acts import Change, Seen, decide
from qualcode.review.desk import Desk
from qualcode.review.orphans import orphans
from qualcode.review.passages import Mark, pieces, sentences
from qualcode.review.progress import Share, by_code, by_document, in_all, pace, steadiness
from qualcode.review.queues import Queue, Selection, Walker
from qualcode.review.search import by_lemma, by_word
from qualcode.review.web.filters import address, selection
from qualcode.store.schema import StandingRow
from tests.conftest import CHEF
from tests.reviewing import STUDY, desk_at, rows, store


@pytest.fixture
def desk(tmp_path: Path, coded_database: str) -> Desk:
    return desk_at(tmp_path, coded_database)


def walked(desk: Desk, chosen: Selection, analyst: str = "mette") -> list[StandingRow]:
    """Return the codings of a queue in the order the cards come, each skipped."""
    found: list[StandingRow] = []
    with desk.read() as session:
        walker = Walker(session, STUDY, desk.codebook, chosen, analyst)
        row = walker.next()
        while row is not None:
            found.append(row)
            assert len(found) < 1000, "the queue goes in circles"
            row = walker.next(row)
        assert walker.left().count == len(found)
        listed, _ = walker.page(1, 1000)
        assert [row.id for row in listed] == [row.id for row in found]
        for row in found:
            session.expunge(row)
    return found


def test_uncertain_first_and_certain_first(desk: Desk) -> None:
    uncertain = [abs(row.score - 0.5) for row in walked(desk, Selection())]
    assert uncertain == sorted(uncertain)
    certain = [row.score for row in walked(desk, Selection(Queue.SIKRE))]
    assert certain == sorted(certain, reverse=True)
    assert len(certain) == len(uncertain) == len(rows(desk))


def test_in_reading_order(desk: Desk) -> None:
    places = [(row.document_id, row.start) for row in walked(desk, Selection(Queue.TEKST))]
    assert places == sorted(places)


def test_missed_by_rules_is_what_only_the_model_found(desk: Desk) -> None:
    assert {row.source for row in walked(desk, Selection(Queue.OVERSETE))} <= {Source.MODEL.value}


def test_filters_combine(desk: Desk) -> None:
    every = rows(desk)
    chosen = Selection(code="topledelse", level=Level.CHEF, at_least=40)
    found = walked(desk, chosen)
    wanted = [row.id for row in every if row.code.startswith("topledelse") and row.level == "chef" and row.score >= 0.4]
    assert wanted
    assert sorted(row.id for row in found) == sorted(wanted)
    assert {row.document_id for row in walked(desk, Selection(document=2))} == {2}
    assert not [row for row in walked(desk, Selection(themes=True)) if row.code.startswith("rolle")]
    assert all(row.code.startswith("rolle") for row in walked(desk, Selection(kind=Kind.ROLLE)))


def test_a_random_sample_is_the_same_until_it_is_done(desk: Desk) -> None:
    chosen = Selection(Queue.STIKPROEVE, size=4, seed=7)
    first = walked(desk, chosen)
    assert len(first) == 4
    decide(desk, Seen(first[0].id, 0), [Change(Action.ACCEPT)], "mette")
    assert [row.id for row in walked(desk, chosen)] == [row.id for row in first[1:]]
    samples = {tuple(row.id for row in walked(desk, replace(chosen, seed=seed))) for seed in range(8)}
    assert len(samples) > 1


def test_a_sample_larger_than_the_study_is_the_study(desk: Desk) -> None:
    assert len(walked(desk, Selection(Queue.STIKPROEVE, size=1000))) == len(rows(desk))


def test_a_second_look_has_only_ones_own(desk: Desk) -> None:
    first, second, *_ = rows(desk)
    decide(desk, Seen(first.id, 0), [Change(Action.ACCEPT)], "mette")
    decide(desk, Seen(second.id, 0), [Change(Action.ACCEPT)], "jens")
    assert [row.id for row in walked(desk, Selection(Queue.ANDET_KIG))] == [first.id]
    assert walked(desk, Selection(Queue.ANDET_KIG, until=0)) == []


def test_progress_counts_by_what_was_suggested(desk: Desk) -> None:
    first, second = [row for row in rows(desk) if row.code == "topledelse.opbakning"][:2]
    third = next(row for row in rows(desk) if row.code != "topledelse.opbakning")
    decide(desk, Seen(first.id, 0), [Change(Action.ACCEPT)], "mette")
    decide(desk, Seen(second.id, 0), [Change(Action.RECODE, new_code="ledelse")], "mette")
    decide(desk, Seen(third.id, 0), [Change(Action.REJECT)], "mette")
    with desk.read() as session:
        judged = by_code(session, STUDY)["topledelse.opbakning"]
        assert (judged.accepted, judged.recoded, judged.rejected) == (1, 1, 0)
        assert judged.right == Share(1, 2)
        everything = in_all(by_document(session, STUDY).values())
        assert everything.reviewed == Share(3, len(rows(desk)))
        assert [(one.analyst, one.verdicts) for one in pace(session, STUDY)] == [("mette", 3)]
        assert steadiness(session, STUDY, "mette") == Share(0, 0)


def test_a_decision_whose_words_are_gone_is_shown_and_kept(desk: Desk, coder: Coder) -> None:
    row = next(row for row in rows(desk) if row.document_id == 1 and row.code == "topledelse.opbakning")
    decide(desk, Seen(row.id, 0), [Change(Action.ACCEPT)], "mette")
    with desk.read() as session:
        assert orphans(session, STUDY) == []
    store(desk.database, coder, "0.txt", CHEF.replace("opbakning oppefra", "medvind oppefra"))
    with desk.read() as session:
        assert [one.first.coding_id for one in orphans(session, STUDY)] == [row.id]
    store(desk.database, coder, "0.txt", CHEF)
    with desk.read() as session:
        assert orphans(session, STUDY) == []
    assert next(other for other in rows(desk) if other.id == row.id).status == "godkendt"


def test_wilsons_interval() -> None:
    low, high = Share(8, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert Share(0, 0).interval == (0.0, 1.0)


def test_search_finds_forms_and_words_in_respondents_speech_only(desk: Desk) -> None:
    with desk.read() as session:
        forms = by_lemma(session, desk, "bænk")
        assert [hit.interview.text[start:end] for hit in forms for start, end in hit.spans] == ["Bænkene"]
        assert by_word(session, desk, "bænken")[0].spans
        assert not by_word(session, desk, "ænkene")
        assert not by_word(session, desk, "promenaden")
        assert by_lemma(session, desk, "...") == []
        assert by_word(session, desk, "tænkt på")
        assert by_lemma(session, desk, "bænk rådne") and not by_lemma(session, desk, "bænk borgmester")


def test_search_by_meaning_finds_the_nearest_passage_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meanings, "make_encoder", NgramEncoder)
    with desk.read() as session:
        found = meanings.Meanings(desk).nearest(session, "Hvem slår græsset bagefter?", count=3)
        assert "slår græsset" in found[0].interview.text[found[0].start : found[0].end]
        assert [hit.nearness for hit in found] == sorted((hit.nearness for hit in found), reverse=True)


SELECTIONS = st.builds(
    Selection,
    queue=st.sampled_from(Queue),
    code=st.sampled_from(["", "styring.drift", "æ&=ø"]),
    kind=st.none() | st.sampled_from(Kind),
    document=st.none() | st.integers(1, 10**6),
    level=st.none() | st.sampled_from(Level),
    source=st.none() | st.sampled_from(Source),
    valence=st.none() | st.sampled_from(Valence),
    status=st.none() | st.sampled_from(Status),
    at_least=st.none() | st.integers(0, 100),
    at_most=st.none() | st.integers(0, 100),
    seed=st.integers(0, 1000),
    size=st.integers(1, 1000),
    until=st.none() | st.integers(0, 10**9),
)


@settings(max_examples=50)
@given(SELECTIONS)
def test_an_address_says_the_whole_selection(chosen: Selection) -> None:
    assert selection(**dict(parse_qsl(address(chosen)))) == chosen


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(["koe", "interview", "niveau", "mindst", "froe", "til", "antal"]), st.text()))
def test_a_senseless_address_is_the_usual_selection_or_some_other(said: dict[str, str]) -> None:
    assert isinstance(selection(**said), Selection)


@given(st.data())
def test_pieces_put_together_are_the_text(data: st.DataObject) -> None:
    text = data.draw(st.text(min_size=1, max_size=60))
    interview = Interview("x", "x.txt", text, (), ())
    places = st.integers(0, len(text))
    start, end = sorted(data.draw(st.tuples(places, places)))
    if start == end:
        return
    marks = [
        Mark(min(one, other), max(one, other), name)
        for one, other, name in data.draw(st.lists(st.tuples(places, places, st.sampled_from("abc"))))
    ]
    cut = pieces(interview, start, end, marks)
    assert "".join(piece.text for piece in cut) == text[start:end]
    for piece in cut:
        assert text[piece.start : piece.start + len(piece.text)] == piece.text
        for place in range(piece.start, piece.start + len(piece.text)):
            assert set(piece.names) == {mark.name for mark in marks if mark.start <= place < mark.end}


def test_sentences_lie_in_their_turn_in_order(desk: Desk) -> None:
    with desk.read() as session:
        interview = desk.interview(session, 1)
    for turn in interview.responses():
        found = sentences(interview, turn)
        assert found == sorted(found)
        assert all(turn.start <= start < end <= turn.end for start, end in found)
        assert all(interview.text[start:end] == interview.text[start:end].strip() for start, end in found)

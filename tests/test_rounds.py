"""Blind rounds from drawing to adjudication, on a real database."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from qualcode.agreement.adjudicate import agreed_outcome, answered, settle
from qualcode.agreement.gather import MACHINE, compare_round
from qualcode.agreement.rounds import (
    Given,
    Round,
    answer,
    find_round,
    given_by,
    make_round,
    passages,
    progress,
    rounds,
    unseen_turns,
)
from qualcode.agreement.sampling import Draw, Sample, assign, draw_passages
from qualcode.coding.coder import Coder
from qualcode.errors import UsageError
from qualcode.ingest.read import parse
from qualcode.models import Action, Codebook, Coding, Interview, Status, Valence
from qualcode.reporting.agreed import agreement_sentences
from qualcode.store.codings import effective_codings, save_suggestions
from qualcode.store.database import Database
from qualcode.store.documents import load_interviews, save_interview
from qualcode.store.journal import decisions
from qualcode.store.schema import AdjudicationRow, DecisionRow
from qualcode.study import Study, StudySettings
from tests.conftest import CHEF, MEDARBEJDER
from tests.databases import new_url

TEXTS = {"a.txt": CHEF, "b.txt": MEDARBEJDER}


@pytest.fixture
def interviews() -> list[Interview]:
    return [parse(text.encode(), name) for name, text in TEXTS.items()]


@pytest.fixture
def database(tmp_path: Path, interviews: list[Interview], coder: Coder) -> Database:
    store = Database(new_url(tmp_path))
    with store.write() as session:
        for interview in interviews:
            save_interview(session, "s", "bytes", interview)
            codings = coder.code(interview, "s").codings
            save_suggestions(session, "s", interview, codings, coded_as="k", units=3)
    return store


@pytest.fixture
def made(database: Database, interviews: list[Interview], nlp: object) -> Round:
    by_id = {interview.id: interview for interview in interviews}
    how = Sample(share=1.0)
    drawn = [(by_id[unit.interview], unit) for unit in draw_passages(interviews, nlp, how)]  # type: ignore[arg-type]
    with database.write() as session:
        return make_round(session, "s", "pilot", ["mette", "ali"], drawn, how)


class Desk:
    """Answers and settles as the commands do."""

    def __init__(self, database: Database, of: Round, interviews: list[Interview], codebook: Codebook) -> None:
        self.database, self.of, self.codebook = database, of, codebook
        self.interviews = {interview.id: interview for interview in interviews}

    def answer(self, coder: str, number: int, *codes: str, valence: Valence = Valence.BARRIERE) -> None:
        with self.database.write() as session:
            where = next(one.interview for one in passages(session, self.of) if one.number == number)
            given_codes = [Given(code, valence) for code in codes]
            answer(
                session,
                self.of,
                coder,
                number,
                given_codes,
                interview=self.interviews[where],
                codebook=self.codebook,
            )

    def settle(self, number: int, *codes: str) -> None:
        with self.database.write() as session:
            one = next(one for one in answered(session, self.of) if one.passage.number == number)
            settle(
                session,
                self.of,
                one,
                [Given(code, Valence.BARRIERE) for code in codes],
                analyst="lead",
                reason="læst igen",
                interview=self.interviews[one.passage.interview],
                codebook=self.codebook,
            )

    def on(self, number: int) -> list[Coding]:
        with self.database.read() as session:
            passage = next(one for one in passages(session, self.of) if one.number == number)
            return [
                coding
                for coding in effective_codings(session, "s", list(load_interviews(session, "s")))
                if coding.interview == passage.interview and passage.start <= coding.start < passage.end
            ]


@pytest.fixture
def desk(database: Database, made: Round, interviews: list[Interview], codebook: Codebook) -> Desk:
    return Desk(database, made, interviews, codebook)


@settings(deadline=None)
@given(
    st.integers(1, 60), st.integers(2, 4), st.floats(0.01, 1), st.integers(0, 5), st.sampled_from(["mette", "kodær æ"])
)
def test_every_passage_is_assigned_and_the_overlap_to_all(
    count: int, coders: int, overlap: float, seed: int, name: str
) -> None:
    names = [f"{name} {number}" for number in range(coders)]
    theirs = assign(count, names, Sample(overlap=overlap, seed=seed))
    held = [sum(number in numbers for numbers in theirs.values()) for number in range(1, count + 1)]
    assert set(held) <= {1, coders}
    assert held.count(coders) >= min(count, overlap * count - 1e-6)
    assert max(map(len, theirs.values())) - min(map(len, theirs.values())) <= 1
    assert theirs == assign(count, names, Sample(overlap=overlap, seed=seed))


@pytest.mark.parametrize("draw", Draw)
def test_samples_are_drawn_as_told(draw: Draw, interviews: list[Interview], nlp: object) -> None:
    everything = draw_passages(interviews, nlp, Sample(draw, 1.0))  # type: ignore[arg-type]
    some = draw_passages(interviews, nlp, Sample(draw, 0.5, seed=3))  # type: ignore[arg-type]
    assert some == draw_passages(interviews, nlp, Sample(draw, 0.5, seed=3))  # type: ignore[arg-type]
    assert [unit for unit in everything if unit in some] == some
    if draw is Draw.INTERVIEWS:
        (only,) = {unit.interview for unit in some}
        assert some == [unit for unit in everything if unit.interview == only]
    if draw is Draw.LEVELS:
        assert {unit.interview for unit in some} == {"A1", "B2"}  # a chef and an employee


def test_no_code_is_an_answer_and_an_answer_may_be_mended(desk: Desk, made: Round) -> None:
    desk.answer("mette", 1)
    desk.answer("mette", 2, "styring.drift")
    desk.answer("mette", 2, "styring.drift", "topledelse.opbakning")
    desk.answer("mette", 2, "topledelse.opbakning")
    desk.answer("mette", 2, "styring.drift")
    with desk.database.read() as session:
        assert [held.code for held in given_by(session, made, "mette")] == ["styring.drift"]
        assert {(one.coder, one.done) for one in progress(session, made)} == {("mette", 2), ("ali", 0)}
        assert {one.number for one in passages(session, made, "mette")}.isdisjoint({1, 2})
        journal = list(decisions(session, "s", made.id))
    assert [event.action for event in journal].count(Action.UNDO) == 2
    assert {event.round for event in journal} == {made.id}


def test_coders_see_neither_each_other_nor_the_machine(desk: Desk, made: Round) -> None:
    desk.answer("mette", 1, "styring.drift")
    with desk.database.read() as session:
        assert given_by(session, made, "ali") == []
        assert len(passages(session, made, "ali")) == len(passages(session, made))
    assert {coding.status for coding in desk.on(1)} == {Status.FORESLAAET}


def test_a_round_is_compared_where_both_have_answered(desk: Desk, made: Round, study_folder: Path) -> None:
    desk.answer("mette", 1, "styring.drift")
    desk.answer("ali", 1, "styring.drift")
    desk.answer("mette", 2)
    desk.answer("ali", 2, "topledelse.opbakning")
    desk.answer("mette", 3, "topledelse.opbakning")
    study = Study.open(study_folder)
    object.__setattr__(study, "settings", study.settings.model_copy(update={"threshold": 0.3}))
    study.__dict__["name"] = "s"  # the folder is called otherwise
    with desk.database.read() as session:
        people, *machine = compare_round(session, study, made, desk.codebook)
    assert people.coders == ("mette", "ali")
    assert people.units == 2
    assert {code.code: (code.marked, code.together) for code in people.codes} == {
        "styring.drift": ((1, 1), 1),
        "topledelse.opbakning": ((0, 1), 0),
    }
    assert [one.coders for one in machine] == [("mette", MACHINE), ("ali", MACHINE)]
    assert [one.units for one in machine] == [3, 2]


def test_settling_carries_out_the_outcome_and_keeps_all_versions(desk: Desk, made: Round) -> None:
    suggested = next(coding for coding in desk.on(1) if coding.code == "styring.drift")
    desk.answer("mette", 1, "styring.drift")
    desk.answer("ali", 1, "topledelse.opbakning")
    desk.settle(1, "topledelse.opbakning")
    after = {coding.code: coding for coding in desk.on(1)}
    assert (after["styring.drift"].id, after["styring.drift"].status) == (suggested.id, Status.AFVIST)
    assert (after["topledelse.opbakning"].status, after["topledelse.opbakning"].analyst) == (Status.GODKENDT, "lead")
    desk.settle(1, "styring.drift")
    assert {coding.code: coding.status for coding in desk.on(1)} == {
        "styring.drift": Status.GODKENDT,
        "topledelse.opbakning": Status.AFVIST,
    }
    with desk.database.read() as session:
        assert [held.code for held in given_by(session, made, "ali")] == ["topledelse.opbakning"]
        assert len(list(session.scalars(select(AdjudicationRow)))) == 2
        open_events = list(decisions(session, "s"))
        (one,) = [one for one in answered(session, made) if one.settled is not None]
    assert {event.reason for event in open_events} == {"Runde pilot, afsnit 1: læst igen"}
    assert {event.batch for event in open_events} == {f"runde-{made.id}-1"}
    assert one.settled == ("styring.drift",)
    with pytest.raises(UsageError, match="lukket"):
        desk.answer("ali", 1, "styring.drift")


def test_what_a_settling_brought_in_goes_out_with_the_next(desk: Desk) -> None:
    desk.answer("mette", 1, "styring.drift")
    desk.answer("ali", 1, "topledelse.opbakning")
    desk.settle(1, "styring")
    assert {one.code for one in desk.on(1) if one.status is Status.GODKENDT} == {"styring"}
    desk.settle(1, "styring.drift")
    assert {one.code for one in desk.on(1) if one.status is Status.GODKENDT} == {"styring.drift"}


def test_what_a_coder_has_left_is_hidden_from_them_only(desk: Desk, made: Round) -> None:
    def hidden(analyst: str) -> int:
        with desk.database.read() as session:
            return len(unseen_turns(session, "s", analyst))

    with desk.database.read() as session:
        numbers = [one.number for one in passages(session, made)]
    assert hidden("Mette") == hidden("ali") > 0
    assert hidden("lead") == 0
    for number in numbers[:-1]:
        desk.answer("mette", number)
    assert hidden("mette") == hidden("ali")  # what was answered can still be mended
    desk.answer("mette", numbers[-1])
    assert hidden("mette") == 0
    assert hidden("ali") > 0


def test_codes_that_nobody_used_in_the_round_are_left_alone(desk: Desk) -> None:
    before = {coding.id: coding.status for coding in desk.on(1)}
    desk.answer("mette", 1)
    desk.answer("ali", 1)
    desk.settle(1)
    assert {coding.id: coding.status for coding in desk.on(1)} == before


def test_what_all_agree_about_can_be_taken_over(desk: Desk, made: Round) -> None:
    desk.answer("mette", 1, "styring.drift")
    desk.answer("ali", 1, "styring.drift")
    with desk.database.read() as session:
        (one,) = answered(session, made)
        assert one.agreed
        assert agreed_outcome(one)[0].code == "styring.drift"
    desk.answer("ali", 1, "styring.drift", valence=Valence.BEHOV)
    with desk.database.read() as session:
        (one,) = answered(session, made)
    assert not one.agreed


def test_what_makes_no_sense_is_refused_and_stores_nothing(
    desk: Desk, made: Round, interviews: list[Interview]
) -> None:
    for coder, number, codes in (("sofie", 1, ()), ("ali", 1, ("findes.ikke",))):
        with pytest.raises(UsageError):
            desk.answer(coder, number, *codes)
    with desk.database.write() as session:
        for coders, name in ((["mette"], "x"), (["mette", "mette"], "x"), (["mette", "ali"], "pilot")):
            with pytest.raises(UsageError):
                make_round(session, "s", name, coders, [(interviews[0], None)], Sample())  # type: ignore[list-item]
        with pytest.raises(UsageError, match="pilot"):
            find_round(session, "s", "findes ikke")
    with desk.database.read() as session:
        assert [one.name for one in rounds(session, "s")] == ["pilot"]
        assert list(session.scalars(select(DecisionRow))) == []


def test_a_changed_transcript_ends_the_round_for_it(desk: Desk) -> None:
    desk.interviews["A1"] = parse(CHEF.replace("promenaden", "havnen").encode(), "a.txt")
    with pytest.raises(UsageError, match="ændret"):
        desk.answer("mette", 1, "styring.drift")


def test_the_report_tells_the_agreement_of_the_newest_round_without_names(
    database: Database, made: Round, interviews: list[Interview], codebook: Codebook, tmp_path: Path
) -> None:
    study = Study(tmp_path / "s", StudySettings())
    with database.read() as session:
        assert agreement_sentences(session, study, codebook) == ()
    desk = Desk(database, made, interviews, codebook)
    with database.read() as session:
        numbers = [one.number for one in passages(session, made)]
    for number in numbers:
        desk.answer("mette", number, "styring.drift")
        desk.answer("ali", number, "styring.drift" if number > 1 else "styring")
    with database.read() as session:
        people, *machine = agreement_sentences(session, study, codebook)
    assert people.startswith(f"2 kodere kodede {len(numbers)} afsnit i 2 interview")
    assert "Krippendorffs α" in people
    assert all(sentence.startswith("En koder og maskinen") for sentence in machine)
    assert not any("mette" in sentence for sentence in (people, *machine))

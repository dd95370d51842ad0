"""Learning from decisions: examples, changes told before they are made, models kept and restored."""

from dataclasses import replace
from pathlib import Path

import pytest

from qualcode import cli, jobs, training
from qualcode.coding.changes import changes
from qualcode.coding.encoder import NgramEncoder
from qualcode.coding.learning import taught_by
from qualcode.jobs import Job
from qualcode.models import Action, Coding, Interview, Source, Status, Valence
from qualcode.review.decide import decide
from qualcode.review.listing import all_codings
from qualcode.store.learned import learned_examples
from tests.conftest import MINI_CODEBOOK
from tests.databases import choose_default


@pytest.fixture
def job(tmp_path: Path, study_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    monkeypatch.chdir(tmp_path)
    choose_default(monkeypatch)
    monkeypatch.setattr(jobs, "make_encoder", lambda *_: NgramEncoder())
    (study_folder / "study.yaml").write_text("threshold: 0.2\n", encoding="utf-8")
    made = Job(study_folder, MINI_CODEBOOK)
    study, database, shop = jobs.open_study(made)
    jobs.read_documents(study, database, jobs.files_to_read(study, database))
    jobs.settle_documents(study, database)
    jobs.code_documents(study, database, shop.coder(), jobs.files_to_code(study, database, shop.coder_digest))
    return made


def decide_all(job: Job) -> list[Coding]:
    database = job.open_database()
    codings = [coding for _, _, coding in all_codings(database)]
    for number, coding in enumerate(codings):
        decide(database, coding.id, Action.REJECT if number % 3 == 0 else Action.ACCEPT, "mette")
    return codings


def test_decided_passages_teach_and_undecided_ones_do_not(job: Job) -> None:
    database = job.open_database()
    found = list(all_codings(database))
    (_, interview, first), (_, _, second) = found[:2]
    decide(database, first.id, Action.ACCEPT, "mette")
    decide(database, second.id, Action.REJECT, "mette")
    study, _, _ = jobs.open_study(job)
    decided = [coding for _, _, coding in all_codings(database)]
    texts = {example.text: example for example in taught_by(decided, {interview.id: interview})}
    spans = {(first.start, first.end), (second.start, second.end)}
    assert set(texts) == {interview.quote(*span) for span in spans}
    example = texts[interview.quote(first.start, first.end)]
    assert first.code in example.codes
    assert example.group == f"interview {interview.id}"
    assert study.name


def test_a_lesson_changes_nothing_until_it_is_applied(job: Job) -> None:
    decide_all(job)
    before = {coding.id for _, _, coding in all_codings(job.open_database())}
    lesson = training.learn(job)
    assert lesson.figures is not None
    assert lesson.figures.interviews == 2
    assert {coding.id for _, _, coding in all_codings(job.open_database())} == before
    assert training.kept(job) == []


def test_decisions_stand_when_the_model_is_replaced_and_restored(job: Job) -> None:
    decided = decide_all(job)
    untaught = jobs.open_study(job)[2].coder_digest
    assert training.apply(job, training.learn(job), "mette") == 1
    assert jobs.open_study(job)[2].coder_digest != untaught
    statuses = {coding.id: coding.status for _, _, coding in all_codings(job.open_database())}
    for number, coding in enumerate(decided):
        assert statuses[coding.id] is (Status.AFVIST if number % 3 == 0 else Status.GODKENDT)
    training.restore(job, 0)
    assert jobs.open_study(job)[2].coder_digest == untaught
    assert [(model.number, model.active) for model in training.kept(job)] == [(1, False)]
    training.restore(job, 1)
    assert [model.active for model in training.kept(job)] == [True]


def test_codes_that_the_codebook_has_lost_are_passed_over(job: Job) -> None:
    decide_all(job)
    training.apply(job, training.learn(job), "mette")
    study, database, shop = jobs.open_study(job)
    gone = next(code for example in shop.examples if example.group.startswith("interview") for code in example.codes)
    smaller = replace(shop.codebook, codes=tuple(code for code in shop.codebook.codes if code.id != gone))
    with database.read() as session:
        whole = learned_examples(session, study.name, shop.codebook.by_id)
        left = learned_examples(session, study.name, smaller.by_id)
    assert len(left) < len(whole)
    assert all(gone not in example.codes for example in left)


def test_the_command_tells_figures_and_changes(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["train", str(job.folder), "--codebook", str(MINI_CODEBOOK)]
    assert cli.main(arguments) == 2
    assert "ingen afgørelser at lære af" in capsys.readouterr().err
    decide_all(job)
    assert cli.main(arguments) == 0
    told = capsys.readouterr().out
    assert "2 interview" in told
    assert "Intet er ændret" in told
    assert cli.main([*arguments, "--apply"]) == 0
    assert "Model 1 er gemt" in capsys.readouterr().out
    assert cli.main([*arguments, "--list"]) == 0
    assert "ja" in capsys.readouterr().out
    assert cli.main([*arguments, "--restore", "7"]) == 2
    assert "Model 7 findes ikke" in capsys.readouterr().err


def test_gained_lost_and_moved_suggestions_are_told_apart() -> None:
    text = "Ingen slår græsset. Vi mangler tid."
    interview = Interview("A", "a.txt", text, (), ())

    def coding(start: int, end: int, code: str) -> Coding:
        return Coding(code, "A", 1, start, end, "IP", code, Valence.BARRIERE, 0.6, Source.MODEL)

    before = [coding(0, 19, "drift"), coding(20, 35, "tid")]
    after = [coding(0, 19, "ansvar"), coding(0, 35, "styring")]
    told = {(change.kind, change.code) for change in changes(interview, before, after)}
    assert told == {("flyttet", "ansvar"), ("flyttet", "styring")}
    assert [change.kind for change in changes(interview, before, [])] == ["væk", "væk"]
    assert [change.kind for change in changes(interview, [], after)] == ["ny", "ny"]
    assert list(changes(interview, before, before)) == []

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from qualcode import jobs
from qualcode.cli import main
from qualcode.codebook.load import load_codebook
from qualcode.outputs import RUN, write_outputs
from qualcode.store.schema import PrivacyDecisionRow
from qualcode.study import Study
from tests.conftest import CHEF, MEDARBEJDER, MINI_CODEBOOK
from tests.databases import choose_default, open_default

PLACED = "I: Nå?\n\nIP: Det var i Lemvig, og Lemvigs havn er god.\n\nI: Ja?\n\nIP: Så ringede Torben.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    choose_default(monkeypatch)
    study = tmp_path / "studie"
    study.mkdir()
    (study / "a.txt").write_text(CHEF, encoding="utf-8")
    (study / "b.md").write_text(MEDARBEJDER, encoding="utf-8")
    (study / "d.txt").write_text(PLACED, encoding="utf-8")
    return study


def listed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    main(["check", "studie", "--json"])
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_checking_alone_makes_no_database(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = listed(capsys)
    assert [(row["file"], row["turn"], row["kind"], row["certainty"]) for row in found] == [
        ("d.txt", 2, "sted", "possible"),
        ("d.txt", 2, "sted", "possible"),
        ("d.txt", 4, "navn", "direct"),
    ]
    assert found[0].keys() == {"file", "interview", "turn", "start", "end", "kind", "certainty", "masked"}
    assert not (folder.parent / "qualcode.db").exists()


def test_the_list_for_people_masks_everything_and_tells_the_place(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "studie"]) == 1
    out, err = capsys.readouterr()
    assert "d.txt:22  tur 2  sted, mulig  L••• (2 gange)" in out
    assert "1 direkte og 1 mulige" in err
    assert not [name for name in ("Lemvig", "Torben") if name in out + err]


def test_a_dismissed_finding_is_dismissed_everywhere_and_not_told_in_clear(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = next(row["start"] for row in listed(capsys) if row["kind"] == "sted")
    main(["check", "studie", "--dismiss", f"d.txt:{start}", "--analyst", "LK"])
    assert [row["kind"] for row in listed(capsys)] == ["navn"]
    with open_default().read() as session:
        (row,) = session.scalars(select(PrivacyDecisionRow))
    assert (row.analyst, row.verdict, row.kind) == ("LK", "ikke personligt", "sted")
    stored = b"".join(path.read_bytes() for path in folder.parent.glob("qualcode.db*"))
    assert b"lemvig" not in stored.lower()


def test_the_last_decision_stands_and_replace_makes_certain(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = f"d.txt:{next(row['start'] for row in listed(capsys) if row['kind'] == 'sted')}"
    main(["check", "studie", "--dismiss", place])
    main(["check", "studie", "--personal", place])
    assert [row["certainty"] for row in listed(capsys)] == ["direct", "direct", "direct"]


def test_a_place_without_a_finding_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "studie", "--dismiss", "d.txt:3"]) == 2
    assert "intet fund" in capsys.readouterr().err


def test_deciding_in_dialogue(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["i", "e"])
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    main(["check", "studie", "--decide"])
    assert [(row["kind"], row["certainty"]) for row in listed(capsys)] == [("navn", "direct")]


def test_direct_ones_stop_the_document_unless_allowed_or_dismissed(folder: Path) -> None:
    study, database = Study.open(folder), open_default()

    def read(*, allow_flagged: bool = False) -> list[str]:
        names = jobs.files_to_read(study, database, allow_flagged=allow_flagged)
        jobs.read_documents(study, database, names, allow_flagged=allow_flagged)
        return [refusal.file for refusal in jobs.settle_documents(study, database)]

    assert read() == ["d.txt"]
    assert jobs.files_to_read(study, database) == {}
    assert read(allow_flagged=True) == []
    assert read() == ["d.txt"]
    main(["check", "studie", "--dismiss", f"d.txt:{PLACED.index('Torben')}"])
    assert read() == []


def test_what_was_let_through_is_told_in_the_run_s_record(folder: Path) -> None:
    out = folder.parent / "ud"
    study, database = Study.open(folder), open_default()
    jobs.read_documents(study, database, ["a.txt", "b.md", "d.txt"], allow_flagged=True)
    jobs.settle_documents(study, database)
    write_outputs(
        study,
        database,
        load_codebook(MINI_CODEBOOK),
        out,
        [],
        read=3,
        coded=0,
        seconds={},
        coder="",
        allow_flagged=True,
    )
    record = json.loads((out / RUN).read_text(encoding="utf-8"))
    assert record["privacy"] == {
        "allow_flagged": True,
        "flagged": [{"file": "d.txt", "direct": 1}],
        "possible": [{"file": "d.txt", "possible": 2}],
    }

"""The commands for agreement and rounds, in this process."""

import json
from pathlib import Path

import pytest

from qualcode import cli
from qualcode.coding.coder import Coder
from qualcode.store.codings import save_suggestions
from qualcode.store.documents import save_interview
from qualcode.store.studies import remember_study
from qualcode.study import Study
from tests.conftest import CHEF, MINI_CODEBOOK
from tests.databases import choose_default, open_default

HEAD = "interview;turn;start;end;code;valence;quote\n"
QUOTES = ("Hvem slår græsset bagefter", "vi mangler opbakning oppefra")


@pytest.fixture
def study(study_folder: Path, tmp_path: Path, coder: Coder, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    choose_default(monkeypatch)
    (study_folder / "study.yaml").write_text(f"codebook: {MINI_CODEBOOK}\nthreshold: 0.3\n", encoding="utf-8")
    opened = Study.open(study_folder)
    with open_default().write() as session:
        remember_study(session, opened.name, study_folder, MINI_CODEBOOK)
        for interview in opened.read_all():
            save_interview(session, opened.name, "bytes", interview)
            found = coder.code(interview, opened.name)
            save_suggestions(session, opened.name, interview, found.codings, coded_as="k", units=found.units)
    return study_folder


def coded(folder: Path, name: str, *codes: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    rows = [
        f"A1;2;{CHEF.index(quote)};{CHEF.index(quote) + len(quote)};{code};barriere;{quote}"
        for quote, code in zip(QUOTES, codes, strict=True)
    ]
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_files_are_compared_with_each_other_and_the_machine(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = coded(study, "gold/coder-a.csv", "styring.drift", "topledelse.opbakning")
    second = coded(study, "gold/coder-b.csv", "styring.drift", "styring")
    assert cli.main(["agreement", str(study), "--files", str(first), str(second)]) == 0
    told = capsys.readouterr().out
    assert "coder-a – coder-b: 2 enheder i 1 interview" in told
    assert "coder-a – maskinen" in told
    assert cli.main(["agreement", str(study), "--json", "--unit", "sentence"]) == 0
    people, *machine = json.loads(capsys.readouterr().out)["comparisons"]
    assert people["interviews"] == ["A1"]
    assert [(code["code"], code["together"]) for code in people["codes"]] == [
        ("topledelse.opbakning", 0),
        ("styring", 0),
        ("styring.drift", 1),
    ]
    assert people["codes"][2]["alpha"]["value"] == 1.0
    assert [one["coders"] for one in machine] == [["coder-a", "maskinen"], ["coder-b", "maskinen"]]


def test_a_round_from_first_to_last(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> str:
        assert cli.main([arguments[0], arguments[1], str(study), *arguments[2:]]) == 0
        told = capsys.readouterr()
        return told.out + told.err

    assert "4 afsnit" in run("round", "new", "pilot", "--coder", "mette", "--coder", "ali", "--share", "1")
    shown = run("round", "code", "pilot", "--coder", "mette")
    assert QUOTES[0] in shown
    assert "styring" not in shown
    run("round", "code", "pilot", "--coder", "mette", "--passage", "1", "--code", "styring.drift:barriere")
    run("round", "code", "pilot", "--coder", "ali", "--passage", "1")
    assert "mette 1 af 4, ali 1 af 4" in run("round", "list")
    (listed,) = json.loads(run("round", "list", "--json"))
    assert listed["progress"][0] == {"coder": "mette", "assigned": 4, "done": 1}
    assert cli.main(["agreement", str(study)]) == 0
    assert "mette – ali: 1 enhed i 1 interview" in capsys.readouterr().out
    assert "ali: ingen kode" in run("round", "adjudicate", "pilot")
    assert "1 afsnit afgjort" in run("round", "adjudicate", "pilot", "--passage", "1", "--reason", "græs er ikke drift")
    assert "afgjort: ingen kode" in run("round", "adjudicate", "pilot")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["agreement", "{study}"], "ingen runde og ingen filer"),
        (["agreement", "{study}", "--round", "x"], "ingen runde 'x'"),
        (["agreement", "{study}", "--files", "x.csv", "y.csv"], "x.csv: filen findes ikke"),
        (["agreement", "{study}", "--unit", "ord"], "meaning, sentence"),
        (["round", "new", "{study}", "x", "--coder", "mette"], "mindst to"),
        (["round", "new", "{study}", "x", "--coder", "a", "--coder", "b", "--share", "2"], "højst 1"),
        (["round", "new", "{study}", "x", "--coder", "a", "--coder", "b", "--sample", "ord"], "passages, interviews"),
        (["round", "code", "{study}", "x", "--coder", "a"], "ingen runde 'x'"),
        (["round", "adjudicate", "{study}", "x"], "ingen runde 'x'"),
    ],
)
def test_wrong_usage_is_one_line(
    study: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert cli.main([argument.format(study=study) for argument in arguments]) == 2
    told = capsys.readouterr()
    assert message in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (HEAD + "A1;2;x;9;styring;neutral;q\n", "linje 2: start og end"),
        (HEAD + "A1;2;0;9;styring;trist;Interview\n", "linje 2: start og end"),
        (HEAD + "A1;2\n", "linje 2"),
        ("a;b\n", "kolonnerne"),
        ("\xff\xfe", "UTF-8"),
    ],
)
def test_a_file_that_is_no_gold_file_is_one_line(
    study: Path, capsys: pytest.CaptureFixture[str], content: str, message: str
) -> None:
    good = coded(study, "gold/a.csv", "styring", "styring")
    (study / "gold/b.csv").write_bytes(content.encode("latin-1"))
    assert cli.main(["agreement", str(study), "--files", str(good), str(study / "gold/b.csv")]) == 2
    assert f"b.csv{', ' if 'linje' in message else ''}" in (told := capsys.readouterr().err)
    assert message in told

"""``qualcode init``: what a new study holds, and that it can be used at once."""

from pathlib import Path

import pytest

from qualcode import cli
from qualcode.analyses import AnalysisSettings
from qualcode.codebook.load import load_codebook
from qualcode.coding.lint import faults
from qualcode.coding.rules import add_rules
from qualcode.language.pipeline import danish
from qualcode.models import Level
from qualcode.starting import shipped_studies
from qualcode.study import Study, shipped_codebooks

ROOT = Path(__file__).parents[1]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_empty_study_opens_lints_and_reads(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["init", "samarbejde-på-ø"]) == 0
    assert "qualcode run samarbejde-på-ø" in capsys.readouterr().err
    study = Study.open(here / "samarbejde-på-ø")
    assert study.title == "Samarbejde på ø"
    path = study.codebook_file()
    assert path.parent == study.folder
    book = load_codebook(path)
    assert book.id == "samarbejde-paa-oe"
    assert faults(path, book, add_rules(danish(), book)) == []
    (interview,) = study.read_all()
    assert interview.informants[0].level is Level.LEDER
    assert interview.facts.wave == "før"


def test_the_commented_settings_are_right_when_the_comment_signs_go(here: Path) -> None:
    assert cli.main(["init", "nyt"]) == 0
    file = here / "nyt" / "study.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    keys = ("# date:", "# small_cell:", "# analyses:", "#   ", "# interviewers:", "# speakers:", "# interviews:")
    file.write_text("\n".join(line[2:] if line.startswith(keys) else line for line in lines), encoding="utf-8")
    settings = Study.open(here / "nyt").settings
    assert settings.analyses.waves == ("før", "efter")
    assert settings.analyses.matrix
    assert settings.interviews["INT04.docx"].wave == "før"


@pytest.mark.parametrize("name", shipped_studies())
def test_a_study_like_a_shipped_one_has_its_settings_and_codebook(here: Path, name: str) -> None:
    assert cli.main(["init", "min", "--from", name]) == 0
    study = Study.open(here / "min")
    shipped = Study.open(ROOT / "corpora" / name).settings
    assert study.transcripts == ()
    assert study.title == "Min"
    assert study.settings.date is None
    assert study.settings.analyses == shipped.analyses
    assert study.settings.small_cell == 3  # what the small invented studies show is not for real ones
    own = study.codebook_file()
    assert own == study.folder / "codebook.yaml"
    assert load_codebook(own).digest == load_codebook(ROOT / "codebooks" / f"{name}.yaml").digest


@pytest.mark.parametrize("name", shipped_studies())
def test_the_shipped_settings_are_those_of_the_corpus(name: str) -> None:
    shipped = (ROOT / "codebooks" / f"{name}.study.yaml").read_text(encoding="utf-8")
    assert shipped == (ROOT / "corpora" / name / "study.yaml").read_text(encoding="utf-8")


def test_settings_beside_a_codebook_are_no_codebook() -> None:
    assert shipped_studies()
    assert not [name for name in shipped_codebooks() if "." in name]


def test_nothing_is_overwritten_and_unknown_studies_are_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "brugt").mkdir()
    (here / "brugt" / "noter.txt").write_text("mit", encoding="utf-8")
    assert cli.main(["init", "brugt"]) == 2
    assert "er ikke tom" in capsys.readouterr().err
    assert [path.name for path in (here / "brugt").iterdir()] == ["noter.txt"]
    assert cli.main(["init", "nyt", "--from", "findes-ikke"]) == 2
    assert "fra-myndighed-til-partner" in capsys.readouterr().err
    assert not (here / "nyt").exists()


ASKED = """codebook: {codebook}
analyses:
  waves: [før, efter]
  scale: ledelse
  matrix:
    rows: roler
    columns: topledelse
"""


def test_unknown_codes_are_told_by_line_before_anything_is_done(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = here / "s"
    folder.mkdir()
    (folder / "a.txt").write_text("I: Nå?\nIP: Jo.\n", encoding="utf-8")
    settings = ASKED.format(codebook=ROOT / "tests" / "data" / "mini.yaml")
    (folder / "study.yaml").write_text(settings, encoding="utf-8")
    assert cli.main(["run", "s"]) == 2
    told = capsys.readouterr().err
    assert "study.yaml, linje 6: koden 'roler' findes ikke i kodebogen 'mini'" in told
    assert not (here / "qualcode.db").exists()


def test_waves_that_do_not_match_are_told_by_line(here: Path) -> None:
    folder = here / "s"
    folder.mkdir()
    (folder / "a.txt").write_text("Bølge: midt\n---\nI: Nå?\nIP: Jo, det går da.\n", encoding="utf-8")
    (folder / "study.yaml").write_text("analyses:\n  waves:\n    - før\n    - midt\n", encoding="utf-8")
    study = Study.open(folder)
    with pytest.raises(Exception, match=r"study.yaml, linje 3: ingen interview har bølgen 'før'.*har: 'midt'"):
        study.check_waves(study.read_all())
    (folder / "study.yaml").write_text("analyses:\n  waves: [midt]\n", encoding="utf-8")
    with pytest.raises(Exception, match=r"linje 2: 'waves' skal nævne mindst to"):
        Study.open(folder)


def test_a_study_without_analyses_asks_for_none() -> None:
    assert AnalysisSettings() == AnalysisSettings.model_validate({})

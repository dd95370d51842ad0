"""``qualcode watch`` as a user starts it: new files come, one of them slowly."""

import json
import signal
import subprocess
from pathlib import Path

import pytest
from docx import Document

from tests.conftest import CHEF, MEDARBEJDER, MINI_CODEBOOK
from tests.test_runners import PATIENCE, QUALCODE, environment, wait_for


def interviews(folder: Path) -> list[str]:
    record = folder / "ud" / "run.json"
    if not record.exists():
        return []
    told = json.loads(record.read_text(encoding="utf-8"))
    assert told["refused"] == []
    return [item["file"] for item in told["interviews"]]


@pytest.mark.slow
def test_new_files_are_coded_and_a_half_copied_one_is_waited_for(tmp_path: Path) -> None:
    study = tmp_path / "studie"
    study.mkdir()
    (study / "study.yaml").write_text(f"codebook: {MINI_CODEBOOK}\nencoder: ngram\n", encoding="utf-8")
    whole = tmp_path / "whole.docx"
    document = Document()
    for line in MEDARBEJDER.splitlines():
        document.add_paragraph(line)
    document.save(str(whole))
    content = whole.read_bytes()
    watching = subprocess.Popen(
        [QUALCODE, "watch", "studie", "--every", "1", "--out", "ud"],
        cwd=tmp_path,
        env=environment(),
        text=True,
        stderr=subprocess.PIPE,
    )
    try:
        (study / "a.txt").write_text(CHEF, encoding="utf-8")
        wait_for(lambda: interviews(tmp_path) == ["a.txt"], "the first interview")
        with (study / "b.docx").open("wb") as copy:
            copy.write(content[: len(content) // 2])
            copy.flush()
            with pytest.raises(subprocess.TimeoutExpired):
                watching.wait(3)
            assert interviews(tmp_path) == ["a.txt"]
            copy.write(content[len(content) // 2 :])
        wait_for(lambda: interviews(tmp_path) == ["a.txt", "b.docx"], "the second interview")
    finally:
        watching.send_signal(signal.SIGINT)
        _, err = watching.communicate(timeout=PATIENCE)
    assert (watching.returncode, "Traceback" in err) == (0, False), err
    assert "Afvist" not in err
    assert err.endswith("Stoppet.\n")

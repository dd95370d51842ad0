import io
import zipfile
from pathlib import Path

import pytest

from qualcode.arriving import PATIENCE, Arrivals, is_whole


@pytest.fixture
def arrivals(tmp_path: Path) -> Arrivals:
    return Arrivals(tmp_path)


def docx() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "x" * 5000)
    return buffer.getvalue()


def test_a_file_is_ready_when_it_lies_still_and_once(arrivals: Arrivals, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("I: Nå?\n")
    assert not arrivals.look()
    assert arrivals.look()
    arrivals.take()
    assert [arrivals.look(), arrivals.look()] == [False, False]
    with (tmp_path / "a.txt").open("a") as file:
        file.write("IP: Jo.\n")
    assert [arrivals.look(), arrivals.look()] == [False, True]


def test_a_file_that_grows_is_waited_for_and_all_wait_with_it(arrivals: Arrivals, tmp_path: Path) -> None:
    (tmp_path / "done.txt").write_text("I: Nå?\n")
    for length in range(1, 5):
        (tmp_path / "growing.txt").write_text("IP: Jo. " * length)
        assert not arrivals.look()
    assert arrivals.look()


@pytest.mark.parametrize(
    "content", [docx()[:3000], b"%PDF-1.7\n" + b"x" * 5000, b"", b"\0" * 4096, b"I: hvad\n" + b"\0" * 4096]
)
def test_a_copy_that_has_come_to_a_halt_is_waited_for_but_not_for_ever(
    arrivals: Arrivals, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "half").write_bytes(content)
    looks = [arrivals.look() for _ in range(PATIENCE + 1)]
    assert looks == [False] * PATIENCE + [True]


@pytest.mark.parametrize("content", [docx(), b"%PDF-1.7\nx\n%%EOF\n", "I: Hvad?\nIP: Åh.".encode("utf-16")])
def test_whole_files_are_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "whole").write_bytes(content)
    assert is_whole(tmp_path / "whole")


def test_hidden_and_lock_files_disturb_nobody(arrivals: Arrivals, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("I: Nå?\n")
    arrivals.look()
    (tmp_path / ".a.docx.part").write_text("x")
    (tmp_path / "~$a.docx").write_text("x")
    assert arrivals.look()


def test_a_file_that_is_taken_away_is_news_too(arrivals: Arrivals, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("I: Nå?\n")
    arrivals.look()
    arrivals.look()
    arrivals.take()
    (tmp_path / "a.txt").unlink()
    assert [arrivals.look(), arrivals.look()] == [False, True]

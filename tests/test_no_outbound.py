"""Nothing leaves this machine: every command runs where it may talk with nobody else, and is watched if it tries."""

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import CHEF, MEDARBEJDER, MINI_CODEBOOK

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="watches POSIX processes")]
QUALCODE = str(Path(sys.executable).parent / "qualcode")
GUARD = Path(__file__).parent / "guard"
STUDY = "promenaden"
# In the order a user might, so that each has something to work on.
COMMANDS = (
    ("init", "nyt"),
    ("codebook", "lint", "bog.yaml"),
    ("codebook", "show", "bog.yaml", "--format", "docx", "--out", "bog.docx"),
    ("codebook", "export", "bog.yaml", "--format", "qdc", "--out", "bog.qdc"),
    ("codebook", "import", "bog.qdc", "--out", "hentet.yaml"),
    ("ingest", STUDY),
    ("check", STUDY),
    ("run", STUDY),
    ("export", STUDY, "--format", "csv", "--out", "ud.csv"),
    ("export", STUDY, "--format", "qdpx", "--out", "ud.qdpx"),
    ("import", STUDY, "ud.csv"),
    ("import", STUDY, "ud.qdpx", "--analyst", "mette", "--coder", "mette"),
    ("train", STUDY, "--apply"),
    ("report", STUDY),
)
# A connect or a datagram to an address of the internet that is not this machine.
_BEYOND = re.compile(r"(?:connect|sendto|sendmsg)\(.*sa_family=AF_INET6?.*")
_HERE = re.compile(r'inet_addr\("127\.|inet_pton\(AF_INET6, "::1"')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    study = tmp_path / STUDY
    study.mkdir()
    (study / "a.txt").write_text(CHEF, encoding="utf-8")
    (study / "b.md").write_text(MEDARBEJDER, encoding="utf-8")
    shutil.copy(MINI_CODEBOOK, tmp_path / "bog.yaml")
    (study / "study.yaml").write_text("codebook: ../bog.yaml\nthreshold: 0.3\n", encoding="utf-8")
    return tmp_path


def environment(notes: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "QUALCODE"))}
    # A proxy beyond the machine would be tempting, and must not be asked.
    proxies = dict.fromkeys(
        ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"), "http://192.0.2.1:8080"
    )
    return kept | proxies | {"PYTHONPATH": str(GUARD), "QUALCODE_TEST_CONNECTS": str(notes)}


def test_the_guard_stands(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    program = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    found = subprocess.run([sys.executable, "-c", program], env=environment(notes), capture_output=True, text=True)
    assert "PermissionError" in found.stderr
    assert "192.0.2.1" in notes.read_text()


def test_no_command_talks_with_anybody_else(folder: Path, tmp_path: Path) -> None:
    notes, traced = tmp_path / "notes", tmp_path / "strace"
    # strace sees what libraries written in C do, too, where it is installed and allowed.
    tracer = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg", "-o", str(traced)]
    if not shutil.which("strace") or subprocess.run([*tracer, "true"], check=False, capture_output=True).returncode:
        tracer = []
    for command in COMMANDS:
        if command == ("import", STUDY, "ud.csv"):
            # An analyst has approved everything, so that there is something to learn.
            codings = (folder / "ud.csv").read_bytes().decode("utf-8-sig")
            (folder / "ud.csv").write_bytes(codings.replace(";foreslået;", ";godkendt;").encode("utf-8-sig"))
        # Everything real: the encoder, and Prefect with its server.
        trace = tracer if command[0] in ("run", "report") else []
        done = subprocess.run(
            [*trace, QUALCODE, *command],
            cwd=folder, env=environment(notes), capture_output=True, text=True, timeout=1200, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 1), (command, done.stderr)
        assert "Traceback" not in done.stderr
        assert not notes.exists(), (command, notes.read_text())
        if trace:
            beyond = [
                line for line in traced.read_text(errors="replace").splitlines()
                if _BEYOND.search(line) and not _HERE.search(line)
            ]  # fmt: skip
            assert not beyond, (command, beyond)


def test_the_review_page_talks_with_nobody_else(folder: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    run = [QUALCODE, "run", STUDY]
    subprocess.run(run, cwd=folder, env=environment(notes), capture_output=True, check=True, timeout=1200)
    page = subprocess.Popen(
        [QUALCODE, "review", STUDY, "--no-browser", "--port", "0"],
        cwd=folder, env=environment(notes), text=True, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert page.stderr
    told = page.stderr.readline()
    address = told.split("Siden er klar på ")[1].split(" ")[0]
    assert address.startswith("http://127.0.0.1:")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address, timeout=300) as answer:
        html = answer.read().decode()
    # Nothing for the browser to fetch elsewhere either.
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*', html)
    page.send_signal(signal.SIGINT)
    rest = page.stderr.read()
    page.stderr.close()
    assert page.wait(120) == 0, rest
    assert "Siden er stoppet" in rest
    assert not notes.exists(), notes.read_text()


def test_what_holds_interviews_is_its_owners_only(folder: Path, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        for command in (
            ("run", STUDY),
            ("export", STUDY, "--format", "qdpx", "--out", "ud.qdpx"),
            ("check", STUDY, "--replace"),
        ):
            subprocess.run(
                [QUALCODE, *command], cwd=folder, env=environment(tmp_path / "notes"), capture_output=True, timeout=1200
            )
    finally:
        os.umask(before)
    out = folder / "reports" / STUDY
    private = [
        *folder.glob("qualcode.db"), out / "codings.csv", out / "kilder.html", out / "citater.csv", folder / "ud.qdpx",
        folder / ".qualcode" / "vectors.db", folder / f"{STUDY}-noegle.csv",
        *(folder / f"{STUDY}-pseudonymer").glob("*"),
    ]  # fmt: skip
    assert len(private) > 8
    for path in private:
        assert path.stat().st_mode & 0o077 == 0, path
    assert (folder / ".qualcode").stat().st_mode & 0o077 == 0
    # A report is made to be passed on.
    assert (out / "report.docx").stat().st_mode & 0o077 == 0o044

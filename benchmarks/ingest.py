"""Time and memory of reading transcripts: ``python benchmarks/ingest.py [NUMBER]``.

Writes NUMBER (1,000) Word transcripts of invented speech to a temporary folder, reads them as ``qualcode ingest`` does,
and prints the time a transcript and the peak memory of the process. Making the files is not counted.
"""

import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from docx import Document

from qualcode.ingest.read import read_transcript
from qualcode.models import Interview

TURNS = 120
WORDS = (
    "vi gik ned til havnen og så var der jo ingen der havde tænkt på hvem der skulle slå græsset bagefter men "
    "naboerne kom med deres egne maskiner det er det man glemmer når planen er skrevet færdig inde på rådhuset"
).split()
ROLES = ("chef for Plan og By", "pædagog", "direktør for Teknik", "souschef", "frivillig")


def write_transcript(path: Path, number: int) -> None:
    """Write an interview of about 4,000 words, the same each time for the same number."""
    chance = random.Random(number)
    document = Document()
    for line in (f"Interview: {number}", f"Rolle: {ROLES[number % len(ROLES)]}", "---"):
        document.add_paragraph(line)
    for turn in range(TURNS):
        asks = turn % 2 == 0
        words = chance.choices(WORDS, k=12 if asks else 55)
        paragraph = document.add_paragraph()
        paragraph.add_run("I:" if asks else "IP:").bold = True
        paragraph.add_run(f" {' '.join(words).capitalize()}{'?' if asks else '.'}")
    document.save(str(path))


def check(interview: Interview) -> None:
    """Stop when a transcript was not read whole: a benchmark of wrong work is worth nothing."""
    if len(interview.turns) != TURNS or len(interview.informants) != 1:
        raise SystemExit(f"{interview.file}: {len(interview.turns)} turns read, {TURNS} written")


def main(number: int) -> None:
    """Make the transcripts, read them, print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{index:05}.docx" for index in range(number)]
        for index, path in enumerate(paths):
            write_transcript(path, index)
        began, worked = time.perf_counter(), time.process_time()
        for path in paths:
            check(read_transcript(path))
        seconds, processor = time.perf_counter() - began, time.process_time() - worked
    # Linux counts in kilobytes, macOS in bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    print(
        f"{number} transcripts: {seconds:.1f} s, {seconds / number:.4f} s each "
        f"({processor / number:.4f} s of processor time), peak memory {peak:.0f} MB"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)

"""Encode a shipped codebook's examples, or a shipped study's meaning units, and lay the vectors beside them.

``python -m qualcode.coding.ship_vectors CODEBOOK.yaml STUDY_DIR …`` – done by ``make vectors`` whenever one of
them changes, so that no user waits for the encoder at the first run. Stale vectors do no harm: what is
missing is encoded as usual.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from qualcode.codebook.load import load_codebook
from qualcode.coding.encoder import CachedEncoder, make_encoder, pack
from qualcode.coding.model import examples_of
from qualcode.coding.segments import units
from qualcode.language.pipeline import danish
from qualcode.study import Study

_CACHE = Path(".qualcode") / "vectors.db"


def vectors_file(of: Path) -> Path:
    """Return where the vectors of a codebook file or a study folder lie, if they are shipped."""
    return of / "vectors.npz" if of.is_dir() else of.with_suffix(".vectors.npz")


def texts_of(path: Path) -> Iterator[str]:
    """Yield the texts that the coder asks the encoder for: examples of a codebook, meaning units of a study."""
    if not path.is_dir():
        yield from (example.text for example in examples_of(load_codebook(path)))
        return
    nlp = danish()
    for interview in Study.open(path).read_all():
        turns = (interview.quote(turn.start, turn.end) for turn in interview.responses())
        yield from (unit.text for doc in nlp.pipe(turns) for unit in units(doc))


def main(paths: list[str]) -> None:
    """Write the vectors of some codebooks and studies, encoding only what is new."""
    files = [vectors_file(Path(path)) for path in paths]
    encoder = CachedEncoder(make_encoder(), _CACHE, files)
    for path, file in zip(paths, files, strict=True):
        file.write_bytes(pack(encoder, list(texts_of(Path(path)))))


if __name__ == "__main__":
    main(sys.argv[1:])

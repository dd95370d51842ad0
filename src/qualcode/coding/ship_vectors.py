"""Encode a codebook's examples and lay the vectors beside it: ``python -m qualcode.coding.ship_vectors FILE``.

Done whenever the examples of a shipped codebook change (``make vectors``), so that no user waits for them.
"""

import sys
from pathlib import Path

from qualcode.codebook.load import load_codebook
from qualcode.coding.encoder import make_encoder, pack
from qualcode.coding.model import examples_of

ENDING = ".vectors.npz"


def vectors_file(codebook_file: Path) -> Path:
    """Return where the vectors of a codebook lie, if they are shipped."""
    return codebook_file.with_suffix(ENDING)


def main(files: list[str]) -> None:
    """Write the vectors of some codebooks."""
    encoder = make_encoder()
    for file in map(Path, files):
        texts = [example.text for example in examples_of(load_codebook(file))]
        vectors_file(file).write_bytes(pack(encoder, texts))


if __name__ == "__main__":
    main(sys.argv[1:])

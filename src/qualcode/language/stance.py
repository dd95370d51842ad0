"""Negation, absence, wish and praise: the words that turn a topic into a barrier, a need or a driver.

Cues are lemma phrases. Each lies in ``doc.spans["stance"]`` with its label; a negation before a word of
praise turns it (*ikke godt*), and one before a word of complaint takes the edge off (*ikke noget problem*).
Scope is the sentence: a cue says nothing about the sentences around it.
"""

from functools import lru_cache

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from qualcode.language.lemmas import lemma

WISH = "ønske"
COMPLAINT = "mangel"
PRAISE = "ros"
_NEGATION = frozenset({"ikke", "ik", "aldrig", "ingen", "intet", "hverken", "næppe", "ej"})
_NEGATION_REACH = 4

_CUES = {
    WISH: (
        "kunne godt tænke|kunne godt tænke mig|kunne godt ønske|ville ønske|ønske mig|ønske os|drømme om|håbe på"
        "|burde|man skulle|vi skulle|der skulle|de skulle|have brug for|have behov for|være behov for|efterlyse"
        "|ville gerne have|ville være dejlig|ville være rart|ville hjælpe|ville være fantastisk|bare de|bare man"
        "|savne|gid|hvis bare|så gerne|ville betyde meget|jeg ville gerne|vi ville gerne"
    ),
    COMPLAINT: (
        "mangle|mangel|manglende|uden|for lidt|for få|for meget|problem|udfordring|besværlig|svær|hård|umulig"
        "|vanskelig|frustrere|frustrerende|frustration|irritere|irriterende|træt af|opgive|give op|falde til jord"
        "|gå i stå|sidde fast|gå i vasken|løbe ud i sandet|desværre|ærgerlig|skuffe|skuffet|skuffelse|spænde ben"
        "|stå i vejen|bremse|blokere|sige nej|ryge ud|skære|spare væk|lukke ned|død|dø|drukne|aldrig|ingen|intet|ikke"
        "|forkert|galt|kæmpe med|slås|bekymre|bekymret|bange for|tabe|droppe|sur|vred|hverken|ondt i|tovtrækkeri"
        "|spild|bøvl|bøvlet|tung|barriere|hindre|hindring|modstand|klage|utilfreds|dårlig|alene med|smækket|lukket"
    ),
    PRAISE: (
        "virke|fungere|lykkes|hjælpe|god|bedst|bedre|fantastisk|dejlig|stærk|styrke|glad|stolt|vigtig|afgørende"
        "|gøre en forskel|betyde meget|bakke op|bakke mig op|støtte|heldig|rose|succes|gevinst|lettere|nemmere"
        "|pludselig kunne|få lov|turde|åbne dør|samle|gå godt|smuk|flot|imponere|imponerende|værdi|tak|lyse op|skøn"
    ),
}


@Language.factory("qualcode_stance")
def make_stance(nlp: Language, name: str) -> "Stance":
    """Return the component; it needs lemmas and sentences."""
    return Stance(nlp)


class Stance:
    """Marks cues in ``doc.spans["stance"]``."""

    def __init__(self, nlp: Language) -> None:
        self._matcher = Matcher(nlp.vocab)
        for label, line in _CUES.items():
            phrases = [[{"LEMMA": lemma(word)} for word in phrase.split()] for phrase in line.split("|")]
            self._matcher.add(label, phrases)

    def __call__(self, doc: Doc) -> Doc:
        """Mark the cues of one document."""
        spans = filter_spans(self._matcher(doc, as_spans=True))
        doc.spans["stance"] = [_turned(doc, span) for span in spans]
        return doc


def _turned(doc: Doc, span: Span) -> Span:
    """Return the cue with its label turned by a negation shortly before it in the sentence."""
    if span.label_ == WISH or _is_negation(span.text):
        return span
    first = max(span.sent.start, span.start - _NEGATION_REACH)
    if not any(_is_negation(token.text) for token in doc[first : span.start]):
        return span
    return Span(doc, first, span.end, label=COMPLAINT if span.label_ == PRAISE else PRAISE)


@lru_cache(maxsize=1000)
def _is_negation(word: str) -> bool:
    return word.lower() in _NEGATION

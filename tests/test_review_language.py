"""Everything the page says in Danish has its English."""

from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from qualcode.models import Kind, Level, Mark, Source, Status, Valence
from qualcode.review.web.i18n import translations
from qualcode.review.web.nav import NAVIGATION

WEB = Path(str(files("qualcode.review.web")))
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "nget": (1, 2)}


def said() -> set[str]:
    found = set()
    for _file, _line, message, *_ in extract_from_dir(WEB, METHODS, keywords=KEYWORDS):
        found.add(message if isinstance(message, str) else message[0])
    return found


def test_messages_are_found_at_all() -> None:
    assert len(said()) > 200


def test_every_message_has_its_english() -> None:
    known = translations("en")._catalog  # type: ignore[attr-defined]
    assert {message for message in said() if message not in known and (message, 0) not in known} == set()


@pytest.mark.parametrize("words", [Kind, Level, Mark, Source, Status, Valence])
def test_the_words_of_the_field_have_their_english(words: type) -> None:
    known = translations("en")._catalog  # type: ignore[attr-defined]
    assert {word.value for word in words if word.value not in known} == set()  # type: ignore[attr-defined]


def test_placeholders_are_the_same_in_both() -> None:
    import re

    def holes(text: str) -> list[str]:
        return sorted(re.findall(r"%\(\w+\)s|%s|#|@", text))

    with (WEB / "locales" / "en.po").open("rb") as source:
        for message in read_po(source):
            danish = message.id if isinstance(message.id, tuple) else (message.id,)
            english = message.string if isinstance(message.string, tuple) else (message.string,)
            for one, other in zip(danish, english, strict=True):
                if one:
                    assert holes(one) == holes(other), one


def test_danish_is_what_the_code_says() -> None:
    assert translations("da").gettext("Godkend") == "Godkend"
    assert translations("en").gettext("Godkend") == "Accept"
    assert translations("en").ngettext("%(num)s replik fundet", "%(num)s replikker fundet", 2) == "%(num)s turns found"
    assert [translations("en").gettext(entry.title) for entry in NAVIGATION][:2] == ["Cards", "List"]

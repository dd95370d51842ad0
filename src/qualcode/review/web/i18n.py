"""The languages of the page. Danish is what the code says; a catalogue gives English."""

import gettext
import io
from functools import cache
from importlib.resources import files

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"da": "Dansk", "en": "English"}


@cache
def translations(language: str) -> gettext.NullTranslations:
    """Return the translations from Danish into a language; Danish itself needs none."""
    catalogue = files("qualcode.review.web") / "locales" / f"{language}.po"
    if language not in LANGUAGES or not catalogue.is_file():
        return gettext.NullTranslations()
    with catalogue.open("rb") as source:
        messages = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)

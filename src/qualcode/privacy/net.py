"""Identifiers of the net: e-mail addresses (also as they are spoken), profile pages, handles."""

import re
from collections.abc import Iterator

from qualcode.privacy.findings import Candidate, Certainty, Kind

_AT = r"(?:\s?@\s?|\s?[\[(](?:at|a|snabel-?a)[\])]\s?|\s+snabel[- ]?a\s+|\s+at\s+(?=[\w-]+\s(?:punktum|dot)\b))"
_DOT = r"(?:\.|\s(?:punktum|dot)\s|\s?[\[(](?:punktum|dot|\.)[\])]\s?)"
_EMAIL = re.compile(
    rf"(?<![\w.+-])[\w+-]+(?:{_DOT}[\w+-]+){{0,3}}{_AT}[\w-]+(?:{_DOT}[\w-]+){{0,3}}{_DOT}[a-zæøå]{{2,12}}(?![\w-])",
    re.IGNORECASE,
)
# Looked for first: the pattern of a whole address would be tried at every word.
_SOME_AT = re.compile(r"@|snabel|\(at?\)|\[at?\]|\bat\b", re.IGNORECASE)
_PROFILES = (
    "linkedin.com facebook.com fb.com instagram.com twitter.com x.com tiktok.com youtube.com snapchat.com threads.net "
    "github.com pinterest.com bsky.app t.me wa.me reddit.com"
).split()
_PROFILE = re.compile(
    rf"(?<![\w.@-])(?:https?://)?(?:[a-z]{{1,3}}\.)?(?:{'|'.join(map(re.escape, _PROFILES))})/"
    r"[^\s,;:»«\"()<>\[\]]*[^\s,;:.!?»«\"()<>\[\]]",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?<![\w.@-])(?:https?://|www\.)[^\s,;»«\"()<>\[\]]*[^\s,;:.!?»«\"()<>\[\]]",
    re.IGNORECASE,
)
# Sites of the whole country: an address there tells nothing of who is speaking.
_NATIONAL = re.compile(
    r"(?:https?://)?(?:www\.)?(?:borger|sundhed|kl|regioner|retsinformation|virk|dr|tv2|dst|sst|sm|socialstyrelsen|sbst|vive|"
    r"ft|uvm|kk|wikipedia|google|youtube|microsoft|frivillighed|ministeriet|danmarkshistorien|ordnet|dsn|nemid|mitid|e-boks|eboks)"
    r"\.(?:dk|com|org)(?:/\S*)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.@/])@[^\W\d_][\w.]*\w(?!\s?\.\w)")
_USERNAME = re.compile(
    r"\b(?:brugernavn(?:et)?|profilnavn(?:et)?|username|instagram|insta|snapchat|snap|tiktok|skype|discord|twitter)"
    r"(?:\s(?:hedder|er|som)(?:\s(?:jeg|hun|han|vi|de))?(?:\ssom)?)?\s?[:=]?\s*(?P<name>\w+[\d_.]\w+)",
    re.IGNORECASE,
)
# "Instagram: mettehansen": after a colon a lone word before the end of the clause.
_AFTER_COLON = re.compile(
    r"\b(?:brugernavn|profilnavn|username|instagram|insta|snapchat|snap|tiktok|skype|discord|twitter)\s?[:=]\s?"
    r"(?P<name>\w{4,30})(?=\s*(?:[.,;!?)]|$))",
    re.IGNORECASE | re.MULTILINE,
)


def find_net(text: str) -> Iterator[Candidate]:
    """Yield e-mail addresses, web addresses and handles in a text; they may overlap."""
    for match in _EMAIL.finditer(text) if _SOME_AT.search(text) else ():
        yield Candidate(*match.span(), Kind.EMAIL)
    for match in _PROFILE.finditer(text):
        yield Candidate(*match.span(), Kind.URL)
    for match in _URL.finditer(text):
        if not _NATIONAL.fullmatch(match[0]):
            yield Candidate(*match.span(), Kind.URL, Certainty.POSSIBLE)
    for match in _HANDLE.finditer(text):
        yield Candidate(*match.span(), Kind.BRUGERNAVN)
    for match in _USERNAME.finditer(text):
        yield Candidate(*match.span("name"), Kind.BRUGERNAVN)
    for match in _AFTER_COLON.finditer(text):
        yield Candidate(*match.span("name"), Kind.BRUGERNAVN, Certainty.POSSIBLE)

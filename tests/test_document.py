import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from qualcode.ingest.document import RawBlock, assemble, canonical

any_text = st.text(alphabet=st.characters(codec=None))


@given(any_text)
def test_canonical_text_stays_as_it_is(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once


@given(any_text)
def test_canonical_text_keeps_the_promises(text: str) -> None:
    result = canonical(text)
    assert unicodedata.is_normalized("NFC", result)
    assert not set(result) & set("\r\x00\ufeff\u00ad\u2028")
    result.encode("utf-8")


@given(st.lists(st.tuples(any_text, st.none() | st.text(min_size=1, max_size=10))))
def test_every_block_is_a_slice_of_the_text(raw: list[tuple[str, str | None]]) -> None:
    document = assemble(RawBlock(text, label) for text, label in raw)
    assert len(document.blocks) == len(raw)
    for block, (text, _) in zip(document.blocks, raw, strict=True):
        assert document.text[block.start : block.end] == canonical(text)


def test_text_of_a_plain_file_is_the_file() -> None:
    lines = "Interview: 1\n---\nI: Hvad så?\n"
    assert assemble(RawBlock(line) for line in lines.split("\n")).text == lines

"""Archives and XML that no honest program writes: refused with one line, nothing unpacked, nothing stored."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import InputError
from qualcode.exchange.refi.archive import Archive, packed
from qualcode.exchange.refi.project_in import read_project
from qualcode.exchange.refi.qdc import read_qdc
from tests.exchanging import guid, qde, qdpx, selection, text_source

SOURCE = {f"{guid(100)}.txt": b"I: Ja?\nIP: Driften."}
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
DEEP = "".join(f'<Code guid="{guid(number)}" name="k{number}">' for number in range(200)) + "</Code>" * 200


def with_member(name: str, content: bytes = b"x") -> bytes:
    buffer = io.BytesIO(qdpx(qde(""), {}))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def twice(body: str) -> str:
    return qde(body.replace("</Sources>", "") + body.replace("<Sources>", ""))


HOSTILE = {
    "no zip": (b"PK\x03\x04 nothing", "ikke et projekt"),
    "empty": (b"", "ikke et projekt"),
    "zip slip": (with_member("../../etc/passwd"), "peger ud"),
    "absolute": (with_member("/etc/passwd"), "peger ud"),
    "drive": (with_member("C:/x"), "peger ud"),
    "backslashes": (with_member("sources\\..\\..\\x"), "peger ud"),
    "two projects": (with_member("other.qde"), "flere projektfiler"),
    "no project": (packed({"a.txt": b"x"}), "ingen projektfil"),
    "bomb": (qdpx(b" " * 60_000_000, {}), "urimeligt"),
    "bomb in a source": (qdpx(qde(text_source("")), {f"{guid(100)}.txt": b"a" * 50_000_000}), "urimeligt"),
    "entities": (qdpx(qde("").replace("<Project", BOMB + "<Project", 1), {}), "entiteter"),
    "external entity": (
        qdpx(qde("").replace("<Project", '<!DOCTYPE x SYSTEM "file:///etc/passwd"><Project', 1), {}),
        "entiteter",
    ),
    "no XML": (qdpx("<Project", {}), "beskadiget"),
    "wrong XML": (qdpx("<NotAProject/>", {}), "<Project>"),
    "missing source": (qdpx(qde(text_source("")), {}), "mangler i arkivet"),
    "huge number": (qdpx(qde(text_source(selection(0, 5).replace('"5"', f'"{"9" * 6000}"'))), SOURCE), "heltal"),
    "no number": (qdpx(qde(text_source(selection(0, 5).replace('"5"', '"fem"'))), SOURCE), "heltal"),
    "no code": (qdpx(qde(text_source(selection(0, 5).replace("targetGUID", "x"))), SOURCE), "targetGUID"),
    "sources twice": (qdpx(twice(text_source("")), SOURCE), "samme guid"),
    "codes twice": (
        qdpx(qde("", codes=f'<Code guid="{guid(1)}" name="a"/><Code guid="{guid(1)}" name="b"/>'), {}),
        "guid",
    ),
    "users twice": (qdpx(qde("", users=f'<User guid="{guid(1)}"/><User guid="{guid(1)}"/>'), {}), "guid"),
    "deep tree": (qdpx(qde("", codes=DEEP), {}), "dybt"),
    "nameless code": (qdpx(qde("", codes=f'<Code guid="{guid(1)}"/>'), {}), "'name'"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_archives_are_refused_with_one_line(name: str) -> None:
    content, why = HOSTILE[name]
    with pytest.raises(InputError, match=why) as caught:
        read_project(content, "p.qdpx")
    assert str(caught.value).startswith("p.qdpx: ")
    assert "\n" not in str(caught.value)


def test_a_lie_about_a_members_size_does_not_unpack_more() -> None:
    honest = qdpx(qde(text_source("")), SOURCE)
    lying = honest.replace((19).to_bytes(4, "little"), (5).to_bytes(4, "little"))
    with pytest.raises(InputError):
        read_project(lying, "p.qdpx")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_archives_are_refused_or_read_and_never_crash(data: st.DataObject) -> None:
    content = bytearray(qdpx(qde(text_source(selection(0, 5))), SOURCE))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_project(bytes(content), "p.qdpx")
    except InputError as error:
        assert "\n" not in str(error)


def test_letters_case_and_a_folder_around_the_project_do_not_matter() -> None:
    inner = qdpx(qde(text_source(selection(11, 18))), SOURCE, folder="Sources", name="Mit Projekt.QDE")
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        outer = packed({f"mappe/{name}": archive.read(name) for name in archive.namelist()})
    for content in (inner, outer):
        assert read_project(content, "p.qdpx").sources[0].text == "I: Ja?\nIP: Driften."


def test_the_same_members_give_the_same_bytes() -> None:
    assert packed({"a": b"1", "b": b"2"}) == packed({"a": b"1", "b": b"2"})
    assert Archive(packed({"a": b"1"}), "x").read("A") == b"1"


@pytest.mark.parametrize("content", [b"", b"<x/>", b'<CodeBook xmlns="urn:QDA-XML:codebook:1:0"><Codes/></CodeBook>'])
def test_codebooks_that_are_none_are_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        read_qdc(content, "k.qdc")

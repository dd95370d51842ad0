"""The ZIP file around a REFI-QDA project: read with suspicion, written the same way every time."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from qualcode.errors import InputError

# One text or project file, and everything that is unpacked; sound and pictures are never unpacked.
MAX_MEMBER = 100_000_000
MAX_TOTAL = 400_000_000
MAX_MEMBERS = 20_000
# Text shrinks 3–10 times, XML full of codings perhaps 50 times.
MAX_RATIO = 500
_RATIO_FROM = 5_000_000
_EXPORT_AGAIN = "Eksportér projektet igen fra programmet"


class Archive:
    """A ``.qdpx`` file's members by name; nothing is written to disk.

    Raises:
        InputError: it is no ZIP file, or one that no honest program writes.
    """

    def __init__(self, content: bytes, file: str) -> None:
        self.file = file
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            raise InputError(file, "filen er ikke et projekt (.qdpx er et ZIP-arkiv)", mend=_EXPORT_AGAIN) from None
        members = [info for info in self._zip.infolist() if not info.is_dir()]
        if len(members) > MAX_MEMBERS:
            raise InputError(file, f"arkivet har over {MAX_MEMBERS} filer", mend="Del projektet i flere")
        self._members: dict[str, zipfile.ZipInfo] = {}
        for info in members:
            name = self._checked(info)
            if name.casefold() in self._members:
                raise InputError(file, f"arkivet har to filer ved navn '{name}'", mend=_EXPORT_AGAIN)
            self._members[name.casefold()] = info
        self._unpacked = 0

    def _checked(self, info: zipfile.ZipInfo) -> str:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ":" in name.split("/")[0] or ".." in PurePosixPath(name).parts:
            raise InputError(
                self.file, "arkivet har en fil, der peger ud af arkivet", mend="Brug kun filer, du stoler på"
            )
        if info.flag_bits & 0x1:
            raise InputError(self.file, "arkivet er beskyttet med adgangskode", mend="Eksportér det uden adgangskode")
        return name

    def project_file(self) -> str:
        """Return the name of the one project file (``*.qde``).

        Raises:
            InputError: there is none, or more than one.
        """
        found = sorted(info.filename for key, info in self._members.items() if key.endswith(".qde"))
        if len(found) != 1:
            what = "arkivet har ingen projektfil (.qde)" if not found else "arkivet har flere projektfiler (.qde)"
            raise InputError(self.file, what, mend=_EXPORT_AGAIN)
        return found[0]

    def read(self, name: str) -> bytes | None:
        """Return a member's bytes, None if there is none with that name, whatever the case of its letters.

        Raises:
            InputError: it is damaged, or far bigger than what a project holds.
        """
        info = self._members.get(name.replace("\\", "/").casefold())
        if info is None:
            return None
        self._unpacked += info.file_size
        blown_up = info.file_size > _RATIO_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size)
        if info.file_size > MAX_MEMBER or self._unpacked > MAX_TOTAL or blown_up:
            raise InputError(
                self.file, "arkivet fylder urimeligt meget, når det pakkes ud", mend="Del projektet i flere"
            )
        try:
            with self._zip.open(info) as member:
                return member.read(MAX_MEMBER + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
            raise InputError(self.file, "arkivet er beskadiget", mend=_EXPORT_AGAIN) from None

    def source(self, path: str, base: str) -> bytes | None:
        """Return the file behind a path of the project, None if the archive lacks it.

        Some programs leave out ``internal://``, or write ``relative://`` of a file that they put into the archive.

        Args:
            path: as the project says
            base: folder of the project file in the archive, ending in ``/`` or empty
        """
        name = path.replace("\\", "/").rpartition("://")[2].lstrip("/")
        for place in (f"{base}sources/{name}", base + name, f"{base}sources/{name.rpartition('/')[2]}"):
            data = self.read(place)
            if data is not None:
                return data
        return None


def packed(members: Mapping[str, bytes]) -> bytes:
    """Return a ZIP archive; the same members give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            # Named, so that the bytes do not depend on the operating system.
            info.create_system = 3
            archive.writestr(info, content)
    return buffer.getvalue()

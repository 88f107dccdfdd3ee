"""Archives that are the same bytes for the same files: sorted, of one moment, owned by nobody in particular."""

import gzip
import io
import tarfile
import time
import zipfile
from typing import NamedTuple


class File(NamedTuple):
    content: bytes
    executable: bool = False

    @property
    def mode(self) -> int:
        return 0o755 if self.executable else 0o644


def tar_gz(folder: str, files: dict[str, File], epoch: int) -> bytes:
    """Everything lies in one folder, which the archive does not list itself."""
    packed = io.BytesIO()
    # A file name in the head of gzip would be that of a temporary file.
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", compresslevel=9, mtime=epoch) as zipped:
        with tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            for name, file in sorted(files.items()):
                entry = tarfile.TarInfo(f"{folder}/{name}")
                entry.size, entry.mode, entry.mtime = len(file.content), file.mode, epoch
                tar.addfile(entry, io.BytesIO(file.content))
    return packed.getvalue()


def zip_(folder: str, files: dict[str, File], epoch: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, file in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{name}", date_time=time.gmtime(epoch)[:6])
            entry.create_system = 3  # Unix, on every system
            entry.external_attr = (0o100000 | file.mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.content)
    return packed.getvalue()

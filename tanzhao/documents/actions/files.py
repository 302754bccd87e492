"""Storing files, and erasing what is in them."""

import hashlib
import io
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import partial
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.documents.content import CONTENT_TYPES, content_of, fitting_name
from tanzhao.documents.models import FileText, StoredFile
from tanzhao.documents.rules import may_store
from tanzhao.documents.states import FileKind
from tanzhao.kernel.verdict import Refused, require


class _Hashed(File):  # type: ignore[type-arg]  # Django's File takes no argument at run time
    """A file that is hashed as it is written."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        super().__init__(file, name)
        self.sha256 = hashlib.sha256()

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        self.seek(0)
        while chunk := self.read(chunk_size or 64 * 1024):
            self.sha256.update(chunk)
            yield chunk


def store_file(
    *,
    file: BinaryIO | bytes,
    name: str,
    actor: User,
    at: datetime,
    kinds: AbstractSet[FileKind],
    most_bytes: int | None = None,
) -> StoredFile:
    """Store a file under a name of ours, its kind told by its content.

    The trail's entry is the caller's, who knows what the file is for. Call it inside the
    transaction of that action; if that fails, the bytes stay as an orphan that nothing names.

    Args:
        file: an uploaded file, an open seekable file, or bytes.
        name: as the person called it; its ending is corrected to fit the content.
        kinds: the kinds that are taken; with OTHER among them, any.
        most_bytes: settings.MAX_EVIDENCE_BYTES if not given.
    Raises:
        Refused: the file is empty, too large, or not of the kinds.
    """
    source = io.BytesIO(file) if isinstance(file, bytes) else file
    size = source.seek(0, io.SEEK_END)
    most = settings.MAX_EVIDENCE_BYTES if most_bytes is None else most_bytes
    shown = fitting_name(name, FileKind.OTHER)
    if not size:
        raise Refused(_("“%(name)s” is empty. Choose the file again.") % {"name": shown})
    if size > most:
        sentence = _("“%(name)s” has %(size)s MB; at most %(most)s MB are taken. Split it.")
        parts = {"name": shown, "size": -(-size // 2**20), "most": most // 2**20}
        raise Refused(sentence % parts)
    content = content_of(source, name)
    require(may_store(content, kinds, shown))
    stored = StoredFile(
        name=fitting_name(name, content.kind),
        content_type=CONTENT_TYPES[content.kind],
        size=size,
        stored_by=actor,
        stored_at=at,
    )
    place = f"{uuid4()}.{content.kind.value}"
    hashed = _Hashed(source, place)
    stored.content.save(place, hashed, save=False)
    stored.sha256 = hashed.sha256.hexdigest()
    stored.save(force_insert=True)
    return stored


@transaction.atomic
def erase_content(*, stored: StoredFile) -> None:
    """Delete the bytes of a stored file for good, once the transaction holds, and its text with
    them unless another file has the same bytes. Its name and its hash stay. The trail's entry is
    the caller's, who knows why. Doing it twice does it once."""
    # Locked, so that a text that is being read this moment is not kept after all.
    same = list(StoredFile.objects.select_for_update().filter(sha256=stored.sha256))
    place, storage = stored.content.name, stored.content.storage
    if not place:
        return
    stored.content = ""
    stored.save(update_fields=["content"])
    if not any(one.content for one in same if one.pk != stored.pk):
        FileText.objects.filter(sha256=stored.sha256).delete()
    transaction.on_commit(partial(storage.delete, place))

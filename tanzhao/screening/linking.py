"""Linking rows without a usable number for one comparison, on a copy of its store."""

from pathlib import Path

from tanzhao.engines.screening.linking import Model, Sounds, link, read_model, read_sounds
from tanzhao.engines.screening.store import Store, open_store
from tanzhao.engines.screening.tables import read_datasets
from tanzhao.kernel.packs import packs_of_kind
from tanzhao.screening import room
from tanzhao.screening.rulebook import DATASETS


def linking_models() -> list[tuple[Model, Sounds]]:
    """Give each linking pack with its pack of sounds."""
    sounds = {pack.name: read_sounds(pack.folder) for pack in packs_of_kind("sounds")}
    models = [read_model(pack.folder) for pack in packs_of_kind("linking")]
    return [(model, sounds[model.sounds]) for model in models]


def linked_copy(store: Store, folder: Path) -> Store:
    """Link a copy of `store` in `folder`; the store itself, which others may be reading, stays."""
    room.copy_store(store.folder, folder)
    copy = open_store(folder)
    link(copy, read_datasets(DATASETS), linking_models(), examples=0)
    return open_store(folder)

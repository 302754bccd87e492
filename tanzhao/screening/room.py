"""The folder in which rows of screening lie while they may: stores of one data set or of several.

A store is named by the numbers of its data sets, so that a second comparison of the same ones need
not read the files again. When the rows of a data set go, every store it is part of goes with it.
"""

import shutil
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from django.conf import settings

BUILDING = "building-"
_PARTED = "+"


def room() -> Path:
    """Give the folder, made at first use, for nobody but the program."""
    folder = Path(settings.SCREENING_ROOM)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def store_of(numbers: Iterable[int]) -> Path:
    """Give where the store of the data sets with these numbers lies, whether or not it is there."""
    return room() / _PARTED.join(str(number) for number in sorted(set(numbers)))


def is_there(store: Path) -> bool:
    """Say whether a whole store lies there."""
    return (store / "store.json").is_file()


def stores_with(number: int) -> list[Path]:
    """Give every store that holds rows of this data set."""
    return [
        folder
        for folder in sorted(room().iterdir())
        if not folder.name.startswith(BUILDING) and str(number) in folder.name.split(_PARTED)
    ]


def forget(number: int) -> int:
    """Delete every store that holds rows of this data set, and say how many that were."""
    stores = stores_with(number)
    for store in stores:
        shutil.rmtree(store)
    return len(stores)


def workshop(key: object) -> Path:
    """Give an empty folder for a piece of work; what a killed worker left in it is thrown away."""
    folder = room() / f"{BUILDING}{key}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def clear(folder: Path) -> None:
    """Throw a workshop away."""
    shutil.rmtree(folder, ignore_errors=True)


def lay_out(folder: Path, files: Mapping[int, Collection[tuple[str, Path]]]) -> None:
    """Lay the files of each data set into a folder named by its number, without copying bytes.

    Args:
        files: number of a data set to the name and the place of each of its files.
    """
    for number, own in files.items():
        place = folder / str(number)
        place.mkdir(parents=True)
        for name, path in own:
            _lay(path, place / name)


def copy_store(store: Path, to: Path) -> None:
    """Copy a store without copying bytes: what is written anew in the copy is another file."""
    shutil.copytree(store, to, copy_function=_laid)


def _laid(source: str, target: str) -> str:
    _lay(Path(source), Path(target))
    return target


def _lay(path: Path, place: Path) -> None:
    try:
        place.hardlink_to(path)
    except OSError:  # another disk, or one that knows no links
        shutil.copyfile(path, place)


def data_set_number(file: str) -> int | None:
    """Say from which data set a file of a store is, by its path there."""
    first = file.partition("/")[0]
    return int(first) if first.isdecimal() and "/" in file else None


def own_name(file: str) -> str:
    """Give the name of a file as the department had it."""
    return file.partition("/")[2] or file

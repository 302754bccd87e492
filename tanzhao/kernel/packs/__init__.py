"""Packs: folders of data that an office may change without a programmer."""

from tanzhao.kernel.packs.reading import SHIPPED, BadPack, Pack, packs_of_kind, read_pack

__all__ = ["SHIPPED", "BadPack", "Pack", "packs_of_kind", "read_pack"]

"""What likeness goes by, all of it from a pack of kind `likeness`. Light: nothing is loaded."""

from dataclasses import dataclass, fields


class BadSettings(Exception):
    """A setting is outside its range. `name` is the setting, `least` the smallest allowed."""

    def __init__(self, name: str, least: int) -> None:
        super().__init__(name, least)
        self.name = name
        self.least = least


@dataclass(frozen=True)
class Settings:
    """The measures of likeness. A letter is a Chinese character, a word or a number.

    gram: letters in a print. window: neighbouring grams of which one is kept (Schleimer,
        Wilkerson, Aiken 2003): equal wording of gram + window - 1 letters is always noticed.
    cap: wording that more documents have is common: it makes no pairs.
    few: wording that more documents than this have (up to the cap) counts a third.
    least_letters: equal letters, counted so, that make a passage of two sentences or more worth
        showing; within one sentence it takes twice as many.
    least_common: letters of the shortest common passage that is reported.
    least_stretch: letters of the shortest stretch that is shown as a part of something longer.
    reach: stretches that are this near to each other in both documents, in letters, count
        together; and a passage may go over so much common wording.
    bridge: letters without a counterpart that a passage may go over.
    allowed_run: letters of an allowed text from which on a part of it is known for what it is.
    repeats: places of one print within one document that are looked at.
    """

    gram: int = 6
    window: int = 4
    cap: int = 20
    few: int = 4
    least_letters: int = 24
    least_common: int = 12
    least_stretch: int = 8
    reach: int = 120
    bridge: int = 30
    allowed_run: int = 12
    repeats: int = 4

    def __post_init__(self) -> None:
        """Refuse what cannot be worked with.

        Raises:
            BadSettings: a number is below the least that makes sense.
        """
        least = {"gram": 2, "cap": 2, "least_stretch": self.gram}
        for field in fields(self):
            if getattr(self, field.name) < least.get(field.name, 1):
                raise BadSettings(field.name, least.get(field.name, 1))

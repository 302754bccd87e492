"""Playing scenes side by side in the order of their moments, so that the trail is in order too."""

import heapq
from collections.abc import Generator, Iterable
from datetime import datetime
from itertools import count

# A scene gives the moment of its next step, and takes that step when it is called again.
type Scene = Generator[datetime, None, None]


class BadStory(Exception):
    """The texts of the story do not fit together."""


def play(scenes: Iterable[Scene], *, until: datetime) -> int:
    """Play all scenes to their end and give the number of steps taken.

    Raises:
        BadStory: a scene goes back in time, or beyond `until`.
    """
    order = count()
    waiting = [(next(scene), next(order), scene) for scene in scenes]
    heapq.heapify(waiting)
    steps = 0
    while waiting:
        moment, _place, scene = heapq.heappop(waiting)
        if moment > until:
            raise BadStory(f"{scene} has a step at {moment}, which is still to come.")
        following = next(scene, None)
        steps += 1
        if following is None:
            continue
        if following < moment:
            raise BadStory(f"{scene} goes back from {moment} to {following}.")
        heapq.heappush(waiting, (following, next(order), scene))
    return steps

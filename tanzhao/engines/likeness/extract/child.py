"""One child: reads the files it is told of, one after another, each within its limits.

Started by children.py. Takes JSON documents, one a line; gives frames of a length in eight bytes
and a JSON document. A parser that takes all memory or never ends takes only this process along.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tanzhao.engines.likeness.extract.limits import Limits
from tanzhao.engines.likeness.extract.reading import read_file
from tanzhao.engines.likeness.extract.refusals import Unreadable
from tanzhao.engines.likeness.texts import Extracted

OUT_OF_MEMORY = 3


def main() -> None:
    """Answer until there is nothing more to read from standard input."""
    first = json.loads(sys.stdin.buffer.readline())
    limits, scans = Limits(**first["limits"]), bool(first["scans"])
    limit_memory(limits.scan_memory_bytes if scans else limits.memory_bytes)

    def more(seconds: int) -> None:
        limit_time(seconds)
        _tell({"going": True})

    for line in sys.stdin.buffer:
        limit_time(limits.seconds)
        try:
            _tell(_document(read_file(Path(json.loads(line)["path"]), limits, scans, more)))
        except Unreadable as refusal:
            _tell({"code": refusal.code, "values": refusal.values})
        except MemoryError:
            sys.exit(OUT_OF_MEMORY)


def limit_memory(most: int) -> None:
    """Bound the address space, where the system can; and leave no core behind."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; sizes are checked all the same
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_time(seconds: int) -> None:
    """Let this process use so many seconds more of processor time before it is ended."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _document(read: Extracted) -> dict[str, Any]:
    return {
        "text": read.text,
        "parts": read.parts,
        "kind": read.kind,
        "readable": read.readable,
        "how": read.how,
        "left_out": read.left_out,
    }


def _tell(message: dict[str, Any]) -> None:
    body = json.dumps(message, ensure_ascii=False).encode()
    sys.stdout.buffer.write(len(body).to_bytes(8, "little") + body)
    sys.stdout.buffer.flush()

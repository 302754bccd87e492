"""Programs that an office may have, asked for formats not read here: antiword, LibreOffice.

They are never asked to mend what is damaged: half a text is no text.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from tanzhao.engines.likeness.extract.limits import Limits

# No macros, no links that are followed when a file is opened.
_PROFILE = Path(__file__).with_name("libreoffice.xcu")


def by_antiword(content: bytes, limits: Limits) -> str:
    """Give the text of an old .doc as antiword reads it; "" if it cannot or is not there."""
    antiword = shutil.which("antiword")
    if antiword is None:
        return ""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "document.doc"
        file.write_bytes(content)
        done = _run([antiword, "-w", "0", "-m", "UTF-8.txt", str(file)], limits)
    return done.decode("utf-8", "replace") if done else ""


def as_docx(content: bytes, limits: Limits) -> bytes:
    """Give a .doc as LibreOffice saves it as .docx; nothing if it cannot or is not there."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        return b""
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "profile"
        (profile / "user").mkdir(parents=True)
        shutil.copy(_PROFILE, profile / "user/registrymodifications.xcu")
        file = Path(folder) / "document.doc"
        file.write_bytes(content)
        command = [
            soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
            "--convert-to", "docx:MS Word 2007 XML", "--outdir", f"{folder}/made", str(file),
        ]  # fmt: skip
        _run(command, limits)
        made = Path(folder) / "made/document.docx"
        return made.read_bytes() if made.is_file() else b""


def _run(command: list[str], limits: Limits) -> bytes | None:
    """Run a program within the limits; gives what it printed, None if it failed."""
    seconds = max(limits.waiting_seconds // 2, 1)
    # LibreOffice starts another process, which outlives it; `timeout` ends both.
    if timeout := shutil.which("timeout"):
        command = [timeout, "-k", "5", str(seconds), *command]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds + 10,
            check=False,
            preexec_fn=_with_memory(limits.scan_memory_bytes),
        )
    except (subprocess.SubprocessError, OSError):
        return None
    return done.stdout if done.returncode == 0 else None


def _with_memory(most: int) -> Callable[[], None] | None:
    """Give what sets a program's own bound: it needs more address space than a reader may have."""
    try:
        import resource
    except ImportError:
        return None

    def bound() -> None:
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))

    return bound

"""Lint the templates: djlint's rules, and ours."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted((ROOT / "tanzhao").rglob("templates/**/*.html"))
MARKS = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|\{%.*?%\}|\{\{.*?\}\}", re.S)
TRANSLATED = re.compile(r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", re.S)
TAGS = re.compile(r"<[^>]*>", re.S)
WORDS = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
# Written the same in both languages.
SAME = {"SHA-256", "SHA", "xlsx", "docx", "Excel", "Word", "PDF", "nbsp", "middot", "amp", "mdash"}
SAME |= {"ndash", "hellip", "lt", "gt", "larr", "rarr", "times"}
SPOKEN = re.compile(r'\b(?:placeholder|title|aria-label|alt|data-label)="([^"{]+)"')


def faults(path: Path) -> list[str]:
    """Say what is wrong with one template."""
    text = path.read_text("utf-8")
    found = []
    if re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", text):
        found.append("inline style or script: the content security policy stops it")
    if re.search(r"<script(?![^>]*\ssrc=)", text):
        found.append("inline script: the content security policy stops it")
    if re.search(r"https?://", text):
        found.append("an outside address: the program works without internet")
    if re.search(r"\.objects\.|\|safe\b", text):
        found.append("a query or |safe in a template")
    plain = TAGS.sub(" ", MARKS.sub(" ", TRANSLATED.sub(" ", text)))
    said = set(WORDS.findall(plain)) - SAME
    said |= {w for spoken in SPOKEN.findall(text) for w in WORDS.findall(spoken)} - SAME
    if said:
        found.append(f"text outside a translation: {' '.join(sorted(said))}")
    return found


def main() -> int:
    """Lint every template; 1 if anything is wrong."""
    wrong = 0
    for path in TEMPLATES:
        for fault in faults(path):
            print(f"{path.relative_to(ROOT)}: {fault}")
            wrong = 1
    # H015: a heading and its line stand together; H052: the run page reloads only without script;
    # H006: our images are CSS-sized; H021/T027 are checked above or by Django; H030/H031: no
    # search engine comes here; D018/J018: addresses are made by {% url %} or from GET values;
    # H025, H037: cannot follow partials and conditional attributes; T003, T028: spelling of blocks.
    ignored = "H006,H015,H052,H021,H025,H030,H031,H037,D018,J018,J004,T001,T003,T027,T028"
    djlint = Path(sys.executable).parent / "djlint"
    folder = str(ROOT / "tanzhao")
    command = [str(djlint), folder, "--lint", "--profile=django", f"--ignore={ignored}"]
    return subprocess.run([*command, "--quiet"], check=False).returncode or wrong


if __name__ == "__main__":
    sys.exit(main())

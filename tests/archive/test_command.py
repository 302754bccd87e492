"""`tanzhao archive verify`, as an operator runs it."""

import hashlib
import json
import os
import subprocess
import sys

import pytest

from tests.archive.makers import volume_at


@pytest.fixture
def tanzhao(tmp_path):
    """Run the command line with a home of its own."""

    def _run(*words, language="en_GB.UTF-8"):
        environment = {**os.environ, "TANZHAO_HOME": str(tmp_path / "home"), "LANG": language,
                       "LC_ALL": "", "LC_MESSAGES": ""}  # fmt: skip
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        command = [
            sys.executable,
            "-m",
            "tanzhao.config.cli",
            "archive",
            "verify",
            *map(str, words),
        ]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    return _run


def test_a_sound_volume_ends_with_0_and_a_changed_one_with_1_and_its_name(tanzhao, tmp_path):
    volume = volume_at(tmp_path / "volume.zip")
    digest = hashlib.sha256(volume.read_bytes()).hexdigest()

    sound = tanzhao(volume, "--expect", digest, "--json")
    volume.write_bytes(volume.read_bytes().replace(b"decision", b"derision", 1))
    changed = tanzhao(volume, "--json")
    chinese = tanzhao(volume, language="zh_CN.UTF-8")

    assert (sound.returncode, json.loads(sound.stdout)["problems"]) == (0, [])
    assert json.loads(sound.stdout)["sha256"] == digest
    problems = json.loads(changed.stdout)["problems"]
    assert changed.returncode == 1
    assert ("changed", "01_授权/0001_授权任职及任务分工的决定.docx") in {
        (problem["code"], problem["file"]) for problem in problems
    }
    assert "已被改动" in chinese.stdout
    assert not (tmp_path / "home" / "tanzhao.sqlite3").exists()


def test_another_volume_than_the_expected_one_ends_with_1(tanzhao, tmp_path):
    done = tanzhao(volume_at(tmp_path / "volume.zip"), "--expect", "0" * 64)

    assert done.returncode == 1
    assert "SHA-256" in done.stdout

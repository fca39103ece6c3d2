"""The wheel, built by way of the source archive, works away from the checkout and holds the same content."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from casemgr import resources
from casemgr.services.news import releases
from tests.support import ROOT

DIGESTS = """
import hashlib, json, sys
from pathlib import Path
from casemgr import resources
root = resources.content_root()
files = {area: resources.content_files(area, None, suffix) for area, suffix in json.loads(sys.argv[1])}
print(json.dumps({
    "root": str(root),
    "digests": {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for paths in files.values() for path in paths
    },
}))
"""


@dataclass(frozen=True)
class Installed:
    """casemgr as somebody has it who installed the wheel."""

    site: Path
    elsewhere: Path

    def run(self, *command: str | Path) -> str:
        """What a command prints, run in a folder that knows nothing of the checkout."""
        environ = {**os.environ, "PYTHONPATH": str(self.site), "CASEMGR_HOME": str(self.elsewhere / "home")}
        return run(*command, cwd=self.elsewhere, env=environ)


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("wheel")
    dist, site, elsewhere = folder / "dist", folder / "site", folder / "elsewhere"
    elsewhere.mkdir()
    # Without `--wheel`, build makes the wheel from the source archive that it has just made.
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", dist, ROOT, cwd=elsewhere)
    (wheel,) = dist.glob("casemgr-*.whl")
    assert len(list(dist.glob("casemgr-*.tar.gz"))) == 1
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-index")
    run(*pip, "--no-deps", "--target", site, wheel, cwd=elsewhere)
    return Installed(site, elsewhere)


def program_files(package: Path) -> dict[str, str]:
    """Digests of the package's own files, without the content that the wheel adds to it."""
    return {
        path.relative_to(package).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and "_content" not in path.parts
    }


def test_the_wheel_has_every_file_of_the_program(installed: Installed) -> None:
    assert program_files(installed.site / "casemgr") == program_files(ROOT / "casemgr")


def test_content_found_by_the_wheel_equals_the_checkouts(installed: Installed) -> None:
    content = [path for top in ("schema", "exports") for path in (ROOT / top).rglob("*") if path.is_file()]
    areas = sorted({(path.parent.relative_to(ROOT).as_posix(), path.suffix) for path in content})
    assert {top for top, _ in areas} >= {
        "schema/migrations",
        "schema/activities",
        "schema/codes",
        "exports/workbooks",
        "exports/documents",
    }
    assert resources.content_root() == ROOT

    found = json.loads(installed.run(sys.executable, "-c", DIGESTS, json.dumps(areas)))

    assert Path(found["root"]).is_relative_to(installed.site)
    assert found["digests"] == {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in content
    }


def test_the_wheel_says_what_is_new(installed: Installed) -> None:
    said = installed.run(
        sys.executable, "-c", "from casemgr.services.news import releases; print(releases(1)[0].version)"
    )
    assert said.strip() == releases(1)[0].version


def test_the_installed_command_runs_the_whole_main_job(installed: Installed) -> None:
    installed.run(installed.site / "bin" / "casemgr", "demo")

    verified = json.loads(installed.run(installed.site / "bin" / "casemgr", "verify", "--json"))
    assert verified["ok"]
    assert verified["entries"] > 0


def test_constraints_pin_every_direct_dependency_and_name_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9a-z.]*", pin)] == []

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(each for extra in project["project"]["optional-dependencies"].values() for each in extra),
    ]
    assert {name_of(requirement) for requirement in wanted} <= {name_of(pin) for pin in pins}


def name_of(requirement: str) -> str:
    """A requirement's project name in the one spelling that compares."""
    return re.sub(r"[-_.]+", "-", re.split(r"[=<>~!;\[ ]", requirement)[0]).lower()

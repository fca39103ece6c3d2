"""A print service of the tests' own: a real cupsd, with the printer of cups-pdf, which prints into files.

That printer writes what strangers print into a public folder, whose place cannot be chosen; so the tests
print as somebody whom the machine does not know, and take their pages away from there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from time import monotonic, sleep

PATIENCE_SECONDS = 60
"""How long a busy machine may take to print; a quick one is not waited for."""
PRINTER = "casemgr-tests"
STRANGER = "casemgr-nobody"
PUBLIC = Path("/var/spool/cups-pdf/ANONYMOUS")
PPD = Path("/usr/share/ppd/cups-pdf/CUPS-PDF_opt.ppd")
PACKAGES = "cups, cups-client and printer-driver-cups-pdf"
SYSTEM_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
"""Where the server's programs are, which not everybody has on the path."""

FILES = """\
ServerRoot {folder}/etc
CacheDir {folder}/cache
StateDir {folder}/state
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
Printcap {folder}/state/printcap
AccessLog {folder}/access
ErrorLog {folder}/error
PageLog {folder}/pages
LogFilePerm 0644
"""
SERVER = """\
Listen {folder}/s
Browsing Off
WebInterface No
DefaultAuthType None
PageLogFormat %j %C
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""


def why_not() -> str:
    """What is missing here for a print service; empty where there is all."""
    if not PPD.exists() or not all(map(_found, ("cupsd", "lp", "lpadmin"))):
        return f"there is no CUPS with its PDF printer: install {PACKAGES}"
    if os.geteuid() and subprocess.run(("sudo", "-n", "true"), capture_output=True, check=False).returncode:
        return "the PDF printer of CUPS runs for root alone, and sudo asks for a password"
    return ""


class Cups:
    """A running print service with one printer."""

    def __init__(self) -> None:
        """Start it."""
        # Under /tmp, since a socket's whole name has a hundred characters at most.
        self.folder = Path(tempfile.mkdtemp(prefix="cups-", dir="/tmp"))
        self.folder.chmod(0o755)
        for name in ("etc/ppd", "cache", "state", "spool/tmp"):
            (self.folder / name).mkdir(parents=True)
        files, server = self.folder / "etc" / "cups-files.conf", self.folder / "etc" / "cupsd.conf"
        files.write_text(FILES.format(folder=self.folder), encoding="utf-8")
        server.write_text(SERVER.format(folder=self.folder), encoding="utf-8")
        self.environ = {"CUPS_SERVER": str(self.folder / "s"), "CUPS_USER": STRANGER}
        self._process = subprocess.Popen(
            _as_root(_found("cupsd"), "-f", "-c", str(server), "-s", str(files)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._wait_for_socket()
            self.add_printer()
        except BaseException:
            self.stop()
            raise

    def add_printer(self) -> None:
        """Give it its printer."""
        # Its usual way to PostScript and back leaves shapes on the page that nobody can read as text.
        options = ("PageSize=Letter", "pdftops-renderer-default=pdftocairo")
        pairs = [word for option in options for word in ("-o", option)]
        self.admin("lpadmin", "-p", PRINTER, "-E", "-v", "cups-pdf:/", "-P", str(PPD), *pairs)

    def admin(self, program: str, *args: str) -> str:
        """Run a program of CUPS on this service."""
        done = subprocess.run(
            (_found(program), *args),
            env={**os.environ, **self.environ, "LC_ALL": "C"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert not done.returncode, done.stderr + self.log()
        return done.stdout

    def wait(self) -> None:
        """Wait until everything in the queue is printed."""
        until = monotonic() + PATIENCE_SECONDS
        while self.admin("lpstat", "-o"):
            assert monotonic() < until, self.log()
            sleep(0.02)

    def printed(self, title: str) -> list[bytes]:
        """What came out of the printer under a title that nobody else prints; it is taken away."""
        self.wait()
        paths = sorted(PUBLIC.glob(f"*{title}*"))
        found = [path.read_bytes() for path in paths]
        subprocess.run(_as_root("rm", "-f", "--", *map(str, paths)), check=True)
        return found

    def pages(self, job: str) -> int:
        """How many pages of a job were printed, those of all copies together."""
        number = job.rpartition("-")[2]
        lines = (self.folder / "pages").read_text("utf-8").split("\n")
        return next(int(line.split()[1]) for line in lines if line.split()[:1] == [number])

    def log(self) -> str:
        """What the service has to say about itself."""
        error = self.folder / "error"
        return error.read_text("utf-8")[-2000:] if error.exists() else "cupsd said nothing"

    def stop(self) -> None:
        """Stop it, and leave nothing behind."""
        subprocess.run(_as_root("kill", str(self._process.pid)), capture_output=True, check=False)
        self._process.wait(PATIENCE_SECONDS)
        logged = f"/var/log/cups/cups-pdf-{PRINTER}_log"
        subprocess.run(_as_root("rm", "-rf", "--", str(self.folder), logged), check=True)

    def _wait_for_socket(self) -> None:
        until = monotonic() + PATIENCE_SECONDS
        while not (self.folder / "s").exists():
            assert self._process.poll() is None, f"cupsd has ended: {self.log()}"
            assert monotonic() < until, self.log()
            sleep(0.02)


def _found(program: str) -> str:
    return shutil.which(program, path=SYSTEM_PATH) or ""


def _as_root(*command: str) -> tuple[str, ...]:
    return command if os.geteuid() == 0 else ("sudo", "-n", *command)

"""Runs inside the attendee image, fresh and before anybody: what does it hold?

Sent as text to the image's own Python, so it needs the standard library alone. Prints
one JSON object: see `puppetcamp.grading.inside`. Its arguments are one JSON object:
the folders to walk, those to leave out, single files, and prefixes that matter in
packages.
"""

import hashlib
import json
import os
import pwd
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

from puppet_kernel.worker import WORKER_RB

INFO = Path("/var/lib/dpkg/info")
POOL = Path("/srv/apt/pool")

Entry = list[str | None]


def digest(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def entry(path: Path) -> Entry:
    if path.is_symlink():
        return ["link", str(path.readlink())]
    if path.is_file():
        return ["file", digest(path.read_bytes())]
    return ["folder" if path.is_dir() else "other", None]


def walk(root: Path, skip: set[str], found: dict[str, Entry]) -> None:
    if str(root) in skip or not root.is_dir() or root.is_symlink():
        return
    found[str(root)] = ["folder", None]
    for child in root.iterdir():
        found[str(child)] = entry(child)
        if found[str(child)][0] == "folder":
            walk(child, skip, found)


def merged(name: str) -> str:
    path = "/" + name.removeprefix("./").removeprefix("/")
    for folder in ("/bin/", "/sbin/", "/lib/", "/lib64/"):
        if path.startswith(folder):
            return "/usr" + path
    return path


def output(program: str, *arguments: str) -> str:
    return subprocess.run(  # noqa: S603 - fixed commands
        [f"/usr/bin/{program}", *arguments], capture_output=True, text=True, check=True
    ).stdout


def content(deb: str, prefixes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    with subprocess.Popen(  # noqa: S603 - a fixed command
        ["/usr/bin/dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE
    ) as unpacking:
        with tarfile.open(fileobj=unpacking.stdout, mode="r|") as data:
            for member in data:
                path = merged(member.name)
                if member.issym() and path.startswith(prefixes):
                    yield path, f"-> {member.linkname}"
                elif member.isreg() and path.startswith(prefixes):
                    file = data.extractfile(member)
                    yield path, digest(file.read() if file else b"")


def package(deb: str, prefixes: tuple[str, ...]) -> tuple[str, list[object]]:
    fields = output("dpkg-deb", "--field", deb, "Package", "Version", "Depends")
    found = dict(line.split(": ", 1) for line in fields.splitlines() if ": " in line)
    needs = [
        word.split("|")[0].split("(")[0].split(":")[0].strip()
        for word in found.get("Depends", "").split(",")
        if word.strip()
    ]
    files = dict(content(deb, prefixes))
    return found["Package"], [found["Version"], needs, files]


def installed() -> dict[str, str]:
    shown = output(
        "dpkg-query", "-W", "-f", "${db:Status-Status} ${Package} ${Version}\\n"
    )
    rows = (line.split() for line in shown.splitlines())
    return {row[1]: row[2] for row in rows if len(row) == 3 and row[0] == "installed"}


def owners() -> dict[str, str]:
    found = {}
    for path in INFO.glob("*.list"):
        for line in path.read_text().splitlines():
            if merged(line).startswith(("/usr/bin/", "/usr/sbin/")):
                found[merged(line)] = path.stem.split(":")[0]
    return found


def main() -> None:
    asked = json.loads(sys.argv[1])
    user = pwd.getpwuid(1000)
    kernel = Path(WORKER_RB).parent
    fresh: dict[str, Entry] = {}
    for root in [*asked["roots"], str(kernel)]:
        walk(Path(root), set(asked["skip"]), fresh)
    for name in asked["files"]:
        if os.path.lexists(name):
            fresh[name] = entry(Path(name))
    debs = sorted(POOL.glob("*.deb")) if POOL.is_dir() else []
    prefixes = tuple(asked["prefixes"])
    print(
        json.dumps(
            {
                "worker": str(WORKER_RB),
                "user": user.pw_name,
                "home": user.pw_dir,
                "fresh": fresh,
                "installed": installed(),
                "owners": owners(),
                "archive": dict(package(str(deb), prefixes) for deb in debs),
            }
        )
    )


if __name__ == "__main__":
    main()

"""Keep nodes inside a container: make them, run stock Puppet on them, read them.

Runs in the container, as root, and needs nothing but Python. Reads one JSON request per
line on standard input and answers each with one JSON object.
"""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NODES = Path("/nodes")
CORPUS = Path("/corpus")
MANIFEST = "/srv/cell.pp"
LOG = "/stock.json"
REPORT = "var/cache/puppet/state/last_run_report.yaml"
TIME_LIMIT = 120
POLL = 0.01
SHOWN = 4_000
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    ":/opt/puppetlabs/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
}
# What Docker mounts over the image; an overlay sees the image's own files below.
MOUNTED = ("/etc/hosts", "/etc/hostname", "/etc/resolv.conf")
STOCK = (
    *("puppet", "apply", "--no-exclude_unchanged_resources", "--show_diff"),
    *("--detailed-exitcodes", "--logdest", LOG, MANIFEST),
)


def prepare(case: str, code: str | None = None) -> dict[str, Any]:
    """Make two identical nodes for a case: "stock" and "warm".

    `code` is what stock Puppet is to apply there instead of the case's manifest.
    """
    clear()
    seed = NODES / "seed"
    tree = CORPUS / f"{case}.node"
    if tree.is_dir():
        shutil.copytree(tree, seed, copy_function=_copy_plain)
    for path in MOUNTED:
        _write(seed / path[1:], Path(path).read_bytes())
    manifest = (CORPUS / f"{case}.pp").read_bytes() if code is None else code.encode()
    _write(seed / MANIFEST[1:], manifest)
    for path in [seed, *seed.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
    layers = f"{seed}:/"
    before = CORPUS / f"{case}.before.sh"
    if before.is_file():
        _make_node("before", layers)
        script = before.read_text()
        done = _inside("before", ["bash", "-euc", script])
        if done.returncode:
            return {"fault": f"before.sh failed: {done.stderr}"}
        _kill_leftovers()
        layers = f"{NODES}/before/upper:{layers}"
    for side in ("stock", "warm"):
        _make_node(side, layers)
    return {}


def stock(case: str, limit: float = TIME_LIMIT) -> dict[str, Any]:
    """Run stock `puppet apply` on its node; the status is None if it takes too long."""
    upper = NODES / "stock/upper"
    for name in (LOG[1:], REPORT):
        (upper / name).unlink(missing_ok=True)
    try:
        done = _inside("stock", STOCK, limit)
    except subprocess.TimeoutExpired:
        return {"status": None}
    report = upper / REPORT
    return {
        "status": done.returncode,
        "output": done.stdout + done.stderr,
        "logs": _logs(upper / LOG[1:]),
        "report": report.read_text() if report.exists() else None,
    }


def changes(case: str, side: str) -> dict[str, Any]:
    """Describe all that a node has and the machine below it has not."""
    top = NODES / side / "upper"
    below = [Path(layer) for layer in (NODES / side / "lower").read_text().split(":")]
    found = {}
    for path in sorted(top.rglob("*")):
        name = path.relative_to(top)
        now = describe(path)
        if now != next((describe(b / name) for b in below if _exists(b / name)), None):
            found[f"/{name}"] = now
    return {"changes": found}


def describe(path: Path) -> str:
    """Say what stands at a path, in one string."""
    status = path.lstat()
    kind = stat.S_IFMT(status.st_mode)
    about = f"{stat.S_IMODE(status.st_mode):04o} {status.st_uid}:{status.st_gid}"
    if kind == stat.S_IFREG:
        content = path.read_bytes()
        if len(content) <= SHOWN:
            return f"file {about}\n{content.decode('utf-8', 'backslashreplace')}"
        return f"file {about} {hashlib.sha256(content).hexdigest()}"
    if kind == stat.S_IFLNK:
        return f"link {status.st_uid}:{status.st_gid} -> {path.readlink()}"
    if kind == stat.S_IFCHR and status.st_rdev == 0:
        return "removed"
    if kind == stat.S_IFDIR:
        return f"directory {about}{_opaque(path)}"
    return f"{stat.filemode(status.st_mode)} {about} {status.st_rdev}"


def clear() -> dict[str, Any]:
    """Forget the nodes, and end what still runs on them."""
    _kill_leftovers()
    for path in NODES.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return {}


def facts(side: str | None) -> dict[str, Any]:
    """Have facts gathered on a node from now on, or on the machine itself."""
    (NODES / "facts").unlink(missing_ok=True)
    if side:
        (NODES / "facts").write_text(str(NODES / side))
    return {}


def leftovers() -> dict[str, Any]:
    """End what a node's run has left running, and say what it was."""
    return {"names": sorted(_kill_leftovers())}


def footprint(pid: int) -> dict[str, Any]:
    """Say what a worker holds: descriptors, memory in kB, processes, zombies."""
    status = Path(f"/proc/{pid}/status").read_text()
    states = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            stat_line = (process / "stat").read_text()
            command = (process / "cmdline").read_bytes()
            states.append((stat_line.rpartition(")")[2].split()[:2], command))
    return {
        "descriptors": len(list(Path(f"/proc/{pid}/fd").iterdir())),
        "memory": int(status.split("VmRSS:")[1].split()[0]),
        "processes": sum(b"worker.rb" in command for _, command in states),
        "zombies": sum(state == ["Z", str(pid)] for state, _ in states),
    }


def running(text: str) -> dict[str, Any]:
    """Say how many processes have a text in their command line."""
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            count += text.encode() in (process / "cmdline").read_bytes()
    return {"count": count}


def _logs(path: Path) -> list[dict[str, Any]] | None:
    if not path.exists():
        return None  # it ended before it knew where to write
    # Puppet may leave the list without its end.
    text = path.read_text(errors="replace").rstrip().rstrip(",").removesuffix("]")
    logs: list[dict[str, Any]] = json.loads(f"{text}]")
    return logs


def _opaque(path: Path) -> str:
    with contextlib.suppress(OSError):
        if os.getxattr(path, "trusted.overlay.opaque") == b"y":
            return " replaced"
    return ""


def _exists(path: Path) -> bool:
    try:
        path.lstat()
    except OSError:
        return False
    return True


def _copy_plain(source: str, target: str) -> None:
    """Copy a file without its owner, and with nothing of its mode but x."""
    shutil.copyfile(source, target)
    executable = Path(source).stat().st_mode & 0o100
    Path(target).chmod(0o755 if executable else 0o644)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o644)


def _make_node(name: str, layers: str) -> None:
    node = NODES / name
    for part in ("upper", "work", "root"):
        (node / part).mkdir(parents=True)
    (node / "lower").write_text(layers)


def _inside(
    name: str, argv: Any, limit: float = TIME_LIMIT
) -> subprocess.CompletedProcess[str]:
    node = str(NODES / name)
    enter = f'{HERE}/mount-node "$0" && exec chroot "$0/root" "$@"'
    # Files, not pipes: a daemon that is started keeps a pipe open.
    out, error = NODES / "out", NODES / "err"
    with out.open("wb") as stdout, error.open("wb") as stderr:
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", enter, node, *argv],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            env=ENVIRONMENT,
            cwd="/",
            timeout=limit,
            check=False,
        )
    texts = [path.read_text(errors="replace") for path in (out, error)]
    return subprocess.CompletedProcess(done.args, done.returncode, *texts)


def _kill_leftovers() -> list[str]:
    """End every process whose root is a node; a daemon is in no other way ours."""
    found: dict[int, str] = {}
    deadline = time.monotonic() + TIME_LIMIT
    while left := list(_on_nodes()):
        if time.monotonic() > deadline:
            message = f"cannot be ended: {left}"
            raise TimeoutError(message)
        found |= dict(left)
        for pid, _ in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(POLL)
    return list(found.values())


def _on_nodes() -> Iterator[tuple[int, str]]:
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str((process / "root").readlink()).startswith(f"{NODES}/"):
                yield int(process.name), (process / "comm").read_text().strip()


OPERATIONS = {
    f.__name__: f
    for f in (
        *(prepare, stock, changes, clear, facts, leftovers),
        *(footprint, running),
    )
}


def main() -> None:
    """Answer requests until the end of the input."""
    os.umask(0o022)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = OPERATIONS[request.pop("op")](**request)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            answer = {"fault": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

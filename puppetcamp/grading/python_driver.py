"""Run a Python kernel for the grader; program text for inside a sandbox.

usage: python -I -c THIS_TEXT CONFIGURATION      (sent as an argument, never a file)

Speaks JSON lines on standard input and output, like the Puppet worker. It holds the
guard capability and starts the kernel as the attendee without any, so that the
attendee's code can neither read what is sent here nor answer in its place. A cell's
source reaches the kernel when its turn has come, and not earlier. Everything that comes
from the kernel is a stranger's: sizes are bounded, and odd messages are skipped.

requests    {"op": "files", "files": {path: base64}}
            {"op": "run", "source": …, "seconds": limit, "check": true or false,
             "history": true or false}
answers     {"ev": "ready"}, {"ev": "output", "output": …}, {"ev": "done", "state": …}
            where state is ok, error, timeout, incomplete or lost; "cut" is true if
            there was more output than there is room for
"""

import base64
import contextlib
import ctypes
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.session import DELIM, Session

PR_SET_DUMPABLE = 4
SOCKETS = ("shell", "iopub", "stdin", "control", "hb")
TOO_LARGE = "too large"
# Seconds for the rest of a cell's outputs once it has answered, and for a kernel to
# answer once it was interrupted.
REST, GRACE = 4.0, 5.0

Json = dict[str, Any]

KEPT = {
    "stream": ("name", "text"),
    "display_data": ("data",),
    "execute_result": ("data",),
    "error": ("ename", "evalue", "traceback"),
}
"""What is passed on of an output, by its type."""


class Outputs:
    """Keep the outputs of one cell, bounded; streams are joined as they come."""

    def __init__(self, limit: int, *, check: bool) -> None:
        self.items: list[Json] = []
        self._left = limit
        self._check = check
        self._clear_next = False
        self._noted: set[str] = set()

    def take(self, kind: str, content: Json) -> None:
        if kind == "clear_output":
            # Nothing takes back what a check has shown: it may be its failure.
            self._clear_next = not self._check
            if not content.get("wait"):
                self._clear()
        elif kind in ("stream", "display_data", "execute_result", "error"):
            self._clear()
            kept = {key: content[key] for key in KEPT[kind] if key in content}
            self._add({"output_type": kind, **kept}, fits=TOO_LARGE not in content)

    def _clear(self) -> None:
        if self._clear_next:
            self.items, self._clear_next = [], False

    def _add(self, output: Json, *, fits: bool) -> None:
        self._left = self._left - len(json.dumps(output)) if fits else -1
        last = self.items[-1] if self.items else {}
        if self._left < 0:
            self._note(output)
        elif output["output_type"] != "stream":
            self.items.append(output)
        elif last.get("name", "") == output.get("name"):
            last["text"].append(output.get("text"))
        else:
            name, said = output.get("name"), [output.get("text")]
            self.items.append({"output_type": "stream", "name": name, "text": said})

    @property
    def cut(self) -> bool:
        return self._left < 0

    def _note(self, output: Json) -> None:
        """Keep of what is too much that it was there: the beginning, one of a kind."""
        kind, name = output["output_type"], str(output.get("name"))[:20]
        if f"{kind} {name}" in self._noted or len(self._noted) > 9:
            return
        short = {key: str(output.get(key))[:1000] for key in ("ename", "evalue")}
        text = [str(output.get("text", ""))[:20_000]]
        self.items.append(
            {"output_type": kind, "name": name, "text": text, "data": {}, **short}
        )
        if not self._noted:
            text = ["\n(There was more output; it was left out.)\n"]
            self.items.append({"output_type": "stream", "name": "", "text": text})
        self._noted.add(f"{kind} {name}")


class Kernel:
    """Start a kernel as the attendee, and run one cell at a time in it."""

    def __init__(self, config: Json) -> None:
        self._config = config
        self._session = Session(key=secrets.token_hex(32).encode())
        folder = Path(config["sockets"])
        with as_attendee(config):
            folder.mkdir(mode=0o700)
            Path(config["folder"]).mkdir()
        self._process = self._start(folder)
        context = zmq.Context()
        self._shell = context.socket(zmq.DEALER)
        self._iopub = context.socket(zmq.SUB)
        for number, socket in ((1, self._shell), (2, self._iopub)):
            # No bound here: the library would drop the connection for good.
            socket.setsockopt(zmq.LINGER, 0)
            socket.connect(f"ipc://{folder}/kernel-{number}")
        self._iopub.setsockopt(zmq.SUBSCRIBE, b"")
        self._poller = zmq.Poller()
        self._poller.register(self._shell, zmq.POLLIN)
        self._poller.register(self._iopub, zmq.POLLIN)

    def _start(self, folder: Path) -> subprocess.Popen[bytes]:
        config = self._config
        connection = {
            "transport": "ipc",
            "ip": f"{folder}/kernel",
            "key": self._session.key.decode(),
            "signature_scheme": "hmac-sha256",
            **{f"{name}_port": port for port, name in enumerate(SOCKETS, 1)},
        }
        path = folder / "connection.json"
        with as_attendee(config):
            path.write_text(json.dumps(connection), encoding="utf-8")
        process = subprocess.Popen(  # noqa: S603 (the host says what is run)
            [*config["drop"], *config["kernel"], "-f", str(path)],
            cwd=config["folder"],
            env={**config["environment"], "PATH": os.environ["PATH"]},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        # When memory runs out, the kernel goes and who reports it stays.
        Path(f"/proc/{process.pid}/oom_score_adj").write_text("500")
        return process

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def wait_ready(self, seconds: float) -> None:
        """Ask until the kernel answers on both of its sockets."""
        deadline = time.monotonic() + seconds
        heard: set[str] = set()
        asked = 0.0
        while len(heard) < 2:
            now = time.monotonic()
            if now > deadline or not self.alive:
                reason = "the Python kernel did not start"
                raise SystemExit(reason)
            if now - asked > 0.5:
                self._session.send(self._shell, "kernel_info_request", {})
                asked = now
            for name, message in self._messages(0.1):
                if name == "iopub" or message["header"]["msg_type"].endswith("_reply"):
                    heard.add(name)

    def run(self, request: Json, outputs: Outputs) -> tuple[str, Json]:
        """Run one cell; return its state and the kernel's reply."""
        content = {
            "code": request["source"],
            "silent": False,
            "store_history": request["history"],
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        message: Json = self._session.msg("execute_request", content)
        self._session.send(self._shell, message)
        return self._wait(message["header"]["msg_id"], request["seconds"], outputs)

    def _wait(self, msg_id: str, timeout: float, outputs: Outputs) -> tuple[str, Json]:
        deadline = time.monotonic() + timeout
        interrupted = idle = False
        reply: Json = {}
        while not (reply and idle):
            now = time.monotonic()
            if now > deadline:
                if reply:
                    return ("timeout" if interrupted else "incomplete"), reply
                if interrupted:
                    return "lost", reply
                interrupted, deadline = True, now + GRACE
                self._interrupt()
            alive = self.alive
            count = 0
            for name, message in self._messages(0.1):
                count += 1
                if message["parent_header"].get("msg_id") != msg_id:
                    continue
                kind, content = message["header"]["msg_type"], message["content"]
                if name == "shell" and kind == "execute_reply":
                    reply = reply or content
                    if not interrupted:
                        deadline = min(deadline, time.monotonic() + REST)
                elif name == "iopub" and kind == "status":
                    idle = idle or content.get("execution_state") == "idle"
                elif name == "iopub":
                    outputs.take(kind, content)
            if not alive and not count:
                return "lost", reply
        if interrupted:
            return "timeout", reply
        return ("ok" if reply.get("status") == "ok" else "error"), reply

    def _interrupt(self) -> None:
        with contextlib.suppress(OSError):
            self._process.send_signal(signal.SIGINT)

    def _messages(self, seconds: float) -> Iterator[tuple[str, Json]]:
        """Give what has arrived, at most some of it at once."""
        ready = dict(self._poller.poll(int(seconds * 1000)))
        for name, socket in (("shell", self._shell), ("iopub", self._iopub)):
            for _ in range(100):
                if socket not in ready or not socket.poll(0):
                    break
                message = self._receive(socket)
                if message is not None:
                    yield name, message

    def _receive(self, socket: "zmq.Socket[bytes]") -> Json | None:
        try:
            frames: list[bytes] = socket.recv_multipart(zmq.NOBLOCK)
            parts = frames[frames.index(DELIM) + 1 :]
            size = sum(len(part) for part in parts)
            if size > self._config["message"]:
                message = _without_content(parts)
            else:
                message = self._session.deserialize(parts)
        except Exception:
            # Unsigned, repeated, half a message, nested without end: not one of ours.
            return None
        if not all(
            isinstance(message.get(part), dict)
            for part in ("header", "parent_header", "content")
        ):
            return None
        return message if isinstance(message["header"].get("msg_type"), str) else None


def _without_content(parts: list[bytes]) -> Json:
    """Read of a message that is too large to be unpacked what it was about."""
    header, parent = (json.loads(part) for part in parts[1:3] if len(part) < 2**16)
    return {"header": header, "parent_header": parent, "content": {TOO_LARGE: True}}


class Driver:
    """Answer the grader's requests with one kernel."""

    def __init__(self, config: Json) -> None:
        self._config = config
        self._left = config["total"]
        self._kernel = Kernel(config)

    def serve(self) -> None:
        self._kernel.wait_ready(self._config["ready"])
        say({"ev": "ready"})
        for line in sys.stdin.buffer:
            request = json.loads(line)
            if request["op"] == "files":
                said = self._files(request["files"])
                say({"ev": "done", "id": request["id"], "evalue": said})
            elif request["op"] == "run":
                self._run(request)

    def _files(self, files: dict[str, str]) -> str:
        """Write files as the attendee; return what went wrong, or nothing."""
        try:
            with as_attendee(self._config):
                for name, content in files.items():
                    path = Path(self._config["folder"], name)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(base64.b64decode(content))
        except OSError as error:
            return str(error)
        return ""

    def _run(self, request: Json) -> None:
        limit = min(self._config["cell"], self._left)
        outputs = Outputs(limit, check=request["check"])
        state, reply = self._kernel.run(request, outputs)
        for output in outputs.items:
            self._left -= say({"ev": "output", "id": request["id"], "output": output})
        done = {"ev": "done", "id": request["id"], "state": state, "cut": outputs.cut}
        for key in ("ename", "evalue"):
            done[key] = str(reply.get(key, ""))[:2000]
        say(done)


@contextlib.contextmanager
def as_attendee(config: Json) -> Iterator[None]:
    """Touch files as the attendee does: whatever lies there, root follows nothing."""
    os.setegid(config["gid"])
    os.seteuid(config["uid"])
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        close_to_others()


def close_to_others() -> None:
    """Keep /proc/PID of this process closed to everybody without its capability."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        message = "cannot close /proc/PID"
        raise SystemExit(message)


def say(event: Json) -> int:
    line = json.dumps(event).encode() + b"\n"
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
    return len(line)


if __name__ == "__main__":
    close_to_others()
    Driver(json.loads(sys.argv[1])).serve()

"""One container in which stock Puppet and a warm worker run the same manifests."""

import contextlib
import json
import subprocess
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from puppet_kernel.channel import ProcessChannel
from puppet_kernel.session import Session
from puppet_kernel.worker import Event, Worker
from tests.kernel.differential.runs import Run, of_cell, of_stock

HERE = Path(__file__).parent
CORPUS = HERE.parent / "corpus"
NODE_TOOLS = HERE / "node"
RUBY = HERE.parents[2] / "kernel/puppet_kernel/ruby"
TIME_LIMIT = 120.0
# Seconds after which a container ends, whoever was killed before removing it.
LIFETIME = 3_600
# Mounting an overlay takes this much, and so does looking at the root folder of a
# daemon that is no longer root. The manifests reach no network.
PRIVILEGES = (
    *("--cap-add", "SYS_ADMIN", "--security-opt", "apparmor=unconfined"),
    *("--cap-add", "SYS_PTRACE"),
    *("--network", "none", "--hostname", "camp", "--add-host", "camp:127.0.1.1"),
    *("--memory", "2g", "--pids-limit", "1000"),
)


class Agent:
    """Speak with the agent in a container, which keeps the nodes."""

    def __init__(self, container: str, path: str) -> None:
        self._process = subprocess.Popen(
            [*inside(container), "python3", "-u", path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, op: str, **parameters: object) -> dict[str, Any]:
        """Ask for one operation of agent.py. Raises RuntimeError with its fault."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"op": op, **parameters}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line else {"fault": "it has ended"}
        if "fault" in answer:
            message = f"the agent cannot {op}: {answer['fault']}"
            raise RuntimeError(message)
        return answer

    def close(self) -> None:
        """End the agent."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


class Nodes:
    """Run cases on nodes that are alike, by stock Puppet and by one warm worker."""

    def __init__(self, container: str) -> None:
        self._agent = Agent(container, "/differential/agent.py")
        argv = [
            *inside(container),
            *("env", "-i", "ruby", "-r", "/differential/overlay_jobs.rb"),
            "/kernel/worker.rb",
        ]
        self.worker = _Recorder(ProcessChannel(argv))
        # Before any node is made, Puppet lays out its folders: every node is one on
        # which Puppet has run before.
        subprocess.run(
            [*inside(container), "puppet", "apply", "-e", ""],
            check=True,
            capture_output=True,
        )
        self._facts_of_node = False
        self.version = subprocess.run(
            [*inside(container), "dpkg-query", "-W", "puppet-agent", "facter", "ruby"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def prepare(self, case: str) -> None:
        """Make a case's two nodes. Raises RuntimeError if its setting-up fails."""
        self._agent.ask("prepare", case=case)

    def stock(self, case: str, runs: int) -> tuple[list[Run], dict[str, Any]]:
        """Run a case with cold `puppet apply`; return its runs, and what is left."""
        found = [of_stock(self._agent.ask("stock", case=case)) for _ in range(runs)]
        return found, self._left(case, "stock")

    def warm(self, case: str, runs: int) -> tuple[list[Run], dict[str, Any]]:
        """Run a case as a cell; return its runs, and what is left."""
        source = (CORPUS / f"{case}.pp").read_text()
        self._settle_facts(case, source)
        session = Session(self.worker, cwd="/nodes/warm")
        found = []
        for _ in range(runs):
            result = session.run_cell(source, timeout=TIME_LIMIT)
            found.append(of_cell(result, self.worker.last))
        return found, self._left(case, "warm")

    def close(self) -> None:
        """End the worker and the agent."""
        self.worker.close()
        self._agent.close()

    def _settle_facts(self, case: str, source: str) -> None:
        """Have facts gathered on the node where they matter: it takes its time.

        The worker cannot know that it is on another node than before.
        """
        needed = "facts" in source or any(
            "fact" in str(path) for path in (CORPUS / f"{case}.node").rglob("*")
        )
        if needed or self._facts_of_node:
            self._agent.ask("facts", side="warm" if needed else None)
            Session(self.worker).forget_facts()
        self._facts_of_node = needed

    def _left(self, case: str, side: str) -> dict[str, Any]:
        changes = self._agent.ask("changes", case=case, side=side)["changes"]
        return {"disk": changes, "processes": self._agent.ask("leftovers")["names"]}


class _Recorder(Worker):
    """Keep the events of the last request."""

    last: list[Event]

    def request(
        self,
        op: str,
        *,
        on_event: Callable[[Event], None] | None = None,
        timeout: float | None = None,
        **params: object,
    ) -> list[Event]:
        self.last = super().request(op, on_event=on_event, timeout=timeout, **params)
        return self.last


def inside(container: str) -> tuple[str, ...]:
    """Return the beginning of a command that is run in a container."""
    return ("docker", "exec", "-i", "--user", "root", container)


@contextlib.contextmanager
def nodes(image: str, labels: Mapping[str, str]) -> Iterator[Nodes]:
    """Give nodes in a container of their own, which ends with them."""
    name = f"differential-{uuid.uuid4().hex[:12]}"
    argv = [
        *("docker", "run", "--detach", "--rm", "--init", "--name", name),
        *PRIVILEGES,
        *(f"--label={key}={value}" for key, value in labels.items()),
        *("--tmpfs", "/nodes:exec,mode=755,size=1g,noatime"),
        *("-v", f"{RUBY}:/kernel:ro", "-v", f"{HERE}/node:/differential:ro"),
        *("-v", f"{CORPUS}:/corpus:ro", "--user", "root"),
        *("--entrypoint", "sleep", image, str(LIFETIME)),
    ]
    subprocess.run(argv, check=True, capture_output=True)
    try:
        made = Nodes(name)
        try:
            yield made
        finally:
            made.close()
    finally:
        subprocess.run(
            ["docker", "rm", "--force", name], check=True, capture_output=True
        )

"""A session whose Puppet has an environment of its own, and no other data."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from puppet_kernel.session import Session
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv

CERTNAME = "node.example"
HIERARCHY = """\
version: 5
hierarchy:
  - name: Per-node data
    path: nodes/%{trusted.certname}.yaml
  - name: Per-OS data
    path: os/%{facts.os.family}.yaml
  - name: Several
    paths: [one.yaml, two.json]
  - name: Encrypted
    lookup_key: eyaml_lookup_key
    path: secret.eyaml
  - name: common
    path: common.yaml
"""


@contextmanager
def session_in(folder: Path, user: str | None = None) -> Iterator[Session]:
    """Yield a session; its environment is `folder`/environments/production."""
    argv = [
        *local_worker_argv(),
        *("--codedir", str(folder), "--certname", CERTNAME),
        *("--environmentpath", str(folder / "environments")),
        *("--hiera_config", str(folder / "hiera.yaml")),
    ]
    session = Session(Worker(ProcessChannel(argv)), cwd=str(folder), user=user)
    try:
        yield session
    finally:
        session.close()


def root(folder: Path) -> Path:
    """Return the folder of the environment."""
    return folder / "environments" / "production"


def put(folder: Path, path: str, text: str) -> Path:
    """Write a file of the environment behind Puppet's back."""
    file = root(folder) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file

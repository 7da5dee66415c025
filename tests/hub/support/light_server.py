"""A single-user server in a few lines: it answers under its prefix until stopped."""

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit


class Page(BaseHTTPRequestHandler):
    """Answer everything in the same way."""

    def do_GET(self) -> None:
        """Say whose server this is."""
        body = f"server of {os.environ['JUPYTERHUB_USER']}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


def main() -> None:
    """Serve where the hub expects it, and leave a note of the process id."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    url = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    note = Path(os.environ["CAMP_PIDS"]) / str(os.getpid())
    note.write_text(os.environ["JUPYTERHUB_USER"])
    assert url.hostname
    assert url.port
    try:
        ThreadingHTTPServer((url.hostname, url.port), Page).serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        note.unlink()


if __name__ == "__main__":
    main()

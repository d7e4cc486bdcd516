"""A package index on the loopback interface, with tiny wheels that the test builds."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import tarfile
import threading
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class PackageIndex:
    """PEP 503 pages over the files that were added; it can be told to fail or to hang."""

    address: str = ""
    status: int | None = None
    """Answer everything with this HTTP status."""
    hang: bool = False
    """Accept every question and answer none."""
    truncate: int | None = None
    """Break every file off after this many bytes, with the connection."""
    credentials: str | None = None
    """``"name:password"`` that every question has to bring; 401 for one that does not."""
    state_hashes: bool = True
    yanked: frozenset[str] = frozenset()
    """Names of files that were taken back."""
    asked: list[str] = field(default_factory=list)
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)

    def wheel(
        self,
        name: str,
        version: str,
        tag: str = "py3-none-any",
        *,
        files: Mapping[str, str] | None = None,
        requires: Iterable[str] = (),
    ) -> str:
        """Add a wheel with `files` by their path, and return its SHA-256 as a pin writes it."""
        folder = f"{name.replace('-', '_')}-{version}"
        info = f"{folder}.dist-info"
        needs = "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
        lines = "".join(f"Tag: {single}\n" for single in _expand(tag))
        members = {
            **(files or {}),
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
            f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\n{lines}",
        }
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for path, text in members.items():
                archive.writestr(path, text)
            rows = "".join(f"{path},,{len(text)}\n" for path, text in members.items())
            archive.writestr(f"{info}/RECORD", f"{rows}{info}/RECORD,,\n")
        return self.add(name, f"{folder}-{tag}.whl", content.getvalue())

    def source(self, name: str, version: str, setup: str, *, files: Mapping[str, str] | None = None) -> str:
        """Add a source distribution with a `setup.py` and `files`; its SHA-256 as a pin writes it."""
        content = io.BytesIO()
        with tarfile.open(fileobj=content, mode="w:gz") as archive:
            for path, text in {"setup.py": setup, **(files or {})}.items():
                member = tarfile.TarInfo(f"{name}-{version}/{path}")
                member.size = len(text.encode())
                archive.addfile(member, io.BytesIO(text.encode()))
        return self.add(name, f"{name}-{version}.tar.gz", content.getvalue())

    def add(self, name: str, filename: str, content: bytes) -> str:
        self.files.setdefault(name, {})[filename] = content
        return f"sha256:{hashlib.sha256(content).hexdigest()}"

    def hash_of(self, name: str, version: str) -> str:
        """The SHA-256 of a wheel that was added, as a pin writes it."""
        content = next(content for file, content in self.files[name].items() if f"-{version}-" in file)
        return f"sha256:{hashlib.sha256(content).hexdigest()}"

    def page(self, name: str) -> bytes:
        rows = []
        for filename, content in self.files[name].items():
            stated = f"#sha256={hashlib.sha256(content).hexdigest()}" if self.state_hashes else ""
            yanked = ' data-yanked=""' if filename in self.yanked else ""
            rows.append(f'<a href="/files/{name}/{filename}{stated}"{yanked}>{filename}</a>')
        return "<br>".join(rows).encode()


def _basic(credentials: str) -> str:
    return f"Basic {base64.b64encode(credentials.encode()).decode()}"


def _expand(tag: str) -> Iterator[str]:
    python, abi, platforms = tag.split("-")
    for platform in platforms.split("."):
        yield f"{python}-{abi}-{platform}"


@contextlib.contextmanager
def serve() -> Iterator[PackageIndex]:
    """Serve an empty index until the block ends."""
    index = PackageIndex()

    class Server(ThreadingHTTPServer):
        # uv opens fifty connections at once; with the usual five the others would wait seconds for their turn.
        request_queue_size = 128

        def handle_error(self, request: object, client_address: object) -> None:
            del request, client_address  # a client that has gone is none of ours

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            # uv asks so for the size of a wheel, to read its metadata out of the middle of it.
            self.do_GET()

        def do_GET(self) -> None:
            index.asked.append(self.path)
            # A proxy is asked for the whole address.
            parts = urlsplit(self.path).path.strip("/").split("/")
            if index.hang:
                index.ended.wait(60)
                self.close_connection = True
                return
            body = None
            if parts[0] == "simple" and len(parts) == 2 and parts[1] in index.files:
                body = index.page(parts[1])
            elif parts[0] == "files" and len(parts) == 3:
                body = index.files.get(parts[1], {}).get(parts[2])
            known = index.credentials is None or self.headers["Authorization"] == _basic(index.credentials)
            status = index.status or (401 if not known else 404 if body is None else 200)
            body = body if status == 200 and body is not None else b""
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if parts[0] == "simple" else "application/octet-stream")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                cut = parts[0] == "files" and index.truncate is not None
                self.wfile.write(body[: index.truncate] if cut else body)
                self.close_connection = self.close_connection or cut

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            del format, args

    server = Server(("127.0.0.1", 0), Handler)
    index.address = f"http://127.0.0.1:{server.server_port}/simple/"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield index
    finally:
        index.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()

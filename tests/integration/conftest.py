"""The real server for the tests: one process each, on a free loopback port, with an SQLite file.

STELE names the binary (default: the sanitized build); its log goes to a file that is printed when a
test fails, and a sanitizer's report or an unclean exit fails the test.
"""
import base64
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STELE = Path(os.environ.get("STELE", ROOT / "build-test/stele"))
NPM = Path(os.environ.setdefault("STELE_NPM", str(ROOT / ".deps/npm/node_modules")))
PROTOC = Path(os.environ.setdefault("STELE_PROTOC", str(NPM / "protoc/bin/protoc-linux-x86_64")))
CONFLUENT = "application/vnd.schemaregistry.v1+json"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Answer:
    """Status, headers and body of one answer; the body parsed when it is JSON."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.raw = status, headers, body
        try:
            self.json = json.loads(body)
        except ValueError:
            self.json = None

    def __repr__(self):
        return f"{self.status} {self.raw[:2000]!r}"

    @property
    def code(self):
        return self.json.get("error_code") if isinstance(self.json, dict) else None


class Server:
    """A running `stele serve`."""

    def __init__(self, folder, *options, store=None):
        self.folder, self.options = Path(folder), options
        self.store = store or f"sqlite:{self.folder}/registry.db"
        self.log = self.folder / "stele.log"
        self.start()

    def start(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(STELE), "serve", "--listen", f"127.0.0.1:{self.port}", "--store", self.store, *self.options],
                stdout=log, stderr=log, cwd=self.folder)
        for _ in range(1000):
            if self.process.poll() is not None:
                raise AssertionError(f"stele did not start: {self.tail()}")
            try:
                if urllib.request.urlopen(f"{self.url}/health/ready", timeout=5).status == 200:
                    return
            except OSError:
                time.sleep(0.01)
        raise AssertionError(f"stele is not ready: {self.tail()}")

    def tail(self):
        return self.log.read_text(errors="replace")[-4000:]

    def stop(self):
        """Drains and ends; an unclean exit or a sanitizer's report is a failure."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        assert code == 0, f"stele ended with {code}: {self.tail()}"
        assert "ERROR: AddressSanitizer" not in self.log.read_text(errors="replace"), self.tail()
        assert "runtime error:" not in self.log.read_text(errors="replace"), self.tail()

    def kill(self):
        self.process.kill()
        self.process.wait(30)

    def request(self, method, path, body=None, headers=None):
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        sent = {"Content-Type": CONFLUENT, **(headers or {})} if data is not None else dict(headers or {})
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=sent)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def get(self, path, **kwargs):
        return self.request("GET", path, **kwargs)

    def post(self, path, body=None, **kwargs):
        return self.request("POST", path, body if body is not None else {}, **kwargs)

    def put(self, path, body, **kwargs):
        return self.request("PUT", path, body, **kwargs)

    def delete(self, path, **kwargs):
        return self.request("DELETE", path, **kwargs)

    def register(self, subject, text, references=(), query="", **fields):
        """POST /subjects/{subject}/versions with .proto text."""
        return self.post(f"/subjects/{urllib.request.quote(subject, safe='')}/versions{query}",
                         {"schemaType": "PROTOBUF", "schema": text,
                          **({"references": list(references)} if references else {}), **fields})


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    """One registry for all tests of a module: use subjects of your own."""
    server = Server(tmp_path_factory.mktemp("registry"))
    yield server
    server.stop()


@pytest.fixture
def fresh(tmp_path):
    """An empty registry for one test."""
    server = Server(tmp_path)
    yield server
    if server.process.poll() is None:
        server.stop()


@pytest.fixture(scope="session")
def descriptor_of(tmp_path_factory):
    """Compiles text with protoc and gives the base64 of its FileDescriptorProto."""
    folder = tmp_path_factory.mktemp("descriptors")

    def make(text, name="schema.proto", flags=(), **others):
        from google.protobuf import descriptor_pb2
        for path, content in {name: text, **others}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content)
        subprocess.run([str(PROTOC), f"-I{folder}", f"-I{NPM}/protoc/include", *flags, "-o", str(folder / "out.binpb"),
                        str(folder / name)], check=True)
        files = descriptor_pb2.FileDescriptorSet.FromString((folder / "out.binpb").read_bytes())
        return base64.b64encode(files.file[-1].SerializeToString()).decode()

    return make

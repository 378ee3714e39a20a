"""kill -9 in the middle of registrations, again and again: what was acknowledged is there.

10,000 registrations go through eight connections while the server is killed at random moments and
started again; at the end every acknowledged id answers its text, ids are dense, and none is there
twice.
"""
import http.client
import json
import random
import threading
import time

from conftest import Server

COUNT, THREADS, KILLS = 10000, 8, 12


def text(i):
    return f'syntax = "proto3";\npackage crash.p{i};\n\n// Number {i}.\nmessage M{i} {{\n  string a = {i + 1};\n}}\n'


class Load:
    def __init__(self, server):
        self.server, self.next, self.lock = server, 0, threading.Lock()
        self.acknowledged = {}

    def take(self):
        with self.lock:
            if self.next == COUNT:
                return None
            self.next += 1
            return self.next - 1

    def run(self):
        client = None
        while (i := self.take()) is not None:
            while True:  # until it is acknowledged: repeating is safe
                try:
                    if client is None:
                        client = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
                    client.request("POST", f"/subjects/s{i}/versions", json.dumps({"schemaType": "PROTOBUF", "schema": text(i)}),
                                   {"Content-Type": "application/json"})
                    answer = client.getresponse()
                    body = answer.read()
                    if answer.status == 200:
                        self.acknowledged[i] = json.loads(body)["id"]
                        break
                    assert answer.status in (503, 504), body
                except (OSError, http.client.HTTPException):
                    client = None
                time.sleep(0.01)


def test_nothing_acknowledged_is_lost(tmp_path):
    random.seed(20)
    server = Server(tmp_path)
    load = Load(server)
    workers = [threading.Thread(target=load.run) for _ in range(THREADS)]
    for worker in workers:
        worker.start()
    for _ in range(KILLS):
        time.sleep(random.uniform(0.1, 0.9))
        before = dict(load.acknowledged)
        server.kill()
        server.start()
        for i in random.sample(sorted(before), min(20, len(before))):
            assert server.get(f"/schemas/ids/{before[i]}").json["schema"] == text(i)
    for worker in workers:
        worker.join()

    assert len(load.acknowledged) == COUNT
    server.kill()
    server.start()
    ids = sorted(load.acknowledged.values())
    assert ids == list(range(1, COUNT + 1)), "ids are dense and none is there twice"
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    for i, number in load.acknowledged.items():
        client.request("GET", f"/schemas/ids/{number}")
        assert json.loads(client.getresponse().read())["schema"] == text(i)
        client.request("GET", f"/subjects/s{i}/versions")
        assert json.loads(client.getresponse().read()) == [1]
    server.stop()

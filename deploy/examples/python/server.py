import json
import os
import signal
import sys
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from leader import Leader


def job(generation, lost):
    """The job of this example: it prints a line five times a second. Put yours here."""
    show("begin", generation)
    while not lost.wait(0.2):
        show("tick", generation)
    show("end", generation)


def show(what, generation):
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    print(f"{now} {what} pid {os.getpid()} generation {generation}", flush=True)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(200, "ok\n" if self.path == "/healthz" else f"Hello from {os.environ.get('BLUEGREEN_LABEL', 'nowhere')}\n")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != "/-/role":
            return self.answer(404, "not found\n")
        try:
            taken = leader.tell(json.loads(body))
        except (ValueError, KeyError, TypeError):
            return self.answer(400, "no role\n")
        self.answer(200 if taken else 409, "")

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass  # no access log


leader = Leader(job)
server = ThreadingHTTPServer((os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))), Handler)
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
try:
    server.serve_forever()
finally:
    leader.stop()

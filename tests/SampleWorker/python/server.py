"""A worker on Python's own http.server: what SampleWorker does, as far as the tests with Python need it."""
import os
import signal
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

IDENTITY = {
    "X-Release": os.environ.get("BLUEGREEN_RELEASE", ""),
    "X-Label": os.environ.get("BLUEGREEN_LABEL", ""),
    "X-Worker": os.environ.get("BLUEGREEN_WORKER", ""),
    "X-Pid": str(os.getpid()),
}
RECORD_FILE = os.environ.get("RECORD_FILE")
RECORD = os.open(RECORD_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if RECORD_FILE else None
STOPPING = threading.Event()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps connections alive
    wbufsize = -1  # headers and body leave in one write

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/":
            self.answer(200, f"{IDENTITY['X-Label']} release {IDENTITY['X-Release']} pid {os.getpid()}\n")
        elif url.path == "/healthz":
            self.answer(200, "healthy\n")
        elif url.path == "/slow":
            ms = int(parse_qs(url.query).get("ms", ["1000"])[0])
            time.sleep(ms / 1000)
            self.answer(200, f"after {ms} ms\n")
        else:
            self.answer(404, "not found\n")

    def do_POST(self):
        body = self.read_body()
        if self.path != "/record":
            self.answer(404, "not found\n")
        elif RECORD is None:
            self.answer(501, "RECORD_FILE is not set\n")
        else:
            os.write(RECORD, body + b"\n")  # one write: one line
            self.answer(200, "recorded\n")

    def read_body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers say nothing here
        return body

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        for name, value in IDENTITY.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        if STOPPING.is_set():
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return "-"  # a Unix socket's peer has no address

    def log_message(self, *_):
        pass  # no access log


class Server(ThreadingHTTPServer):
    daemon_threads = True  # idle connections must not keep a stopped worker alive
    request_queue_size = 128

    def __init__(self, address, family):
        self.address_family = family
        self.running = 0
        self.idle = threading.Condition()
        super().__init__(address, Handler)

    def server_bind(self):
        # Not HTTPServer's, which asks the resolver for the host's name.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "worker", 0


def counted(method):
    """Counts requests that run, so that a stop can wait for them."""
    def run(handler):
        server = handler.server
        with server.idle:
            server.running += 1
        try:
            method(handler)
            handler.wfile.flush()
        finally:
            with server.idle:
                server.running -= 1
                server.idle.notify_all()
    return run


Handler.do_GET = counted(Handler.do_GET)
Handler.do_POST = counted(Handler.do_POST)


def main():
    if path := os.environ.get("SOCKET"):
        server = Server(path, socket.AF_UNIX)
    else:
        server = Server((os.environ.get("HOST", "127.0.0.1"), int(os.environ["PORT"])), socket.AF_INET)

    def stop(*_):
        STOPPING.set()
        threading.Thread(target=server.shutdown).start()  # shutdown() waits for serve_forever(), which runs in this thread

    signal.signal(signal.SIGTERM, stop)
    server.serve_forever(poll_interval=0.05)
    server.server_close()
    with server.idle:
        server.idle.wait_for(lambda: server.running == 0)


if __name__ == "__main__":
    main()

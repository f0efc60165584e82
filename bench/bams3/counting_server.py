"""A server for one client at a time that counts what it sends: plain HTTP with ranges, and as much
of S3 (path style: GET, HEAD, ListObjectsV2) as reading takes."""

import http.server
import io
import pathlib
import re
import socket
import threading
import urllib.parse
import xml.sax.saxutils


class Count:
    def __init__(self):
        self.requests, self.bytes = 0, 0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        # A client that closes early is not charged for what waits in buffers.
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
        super().setup()

    def do_HEAD(self):
        self.answer(send=False)

    def do_GET(self):
        self.answer(send=True)

    def answer(self, send):
        count = self.server.counted
        count.requests += 1
        address = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(address.query)
        key = urllib.parse.unquote(address.path).lstrip("/").partition("/")[2]
        if "list-type" in query:
            self.reply(200, self.listing(query.get("prefix", [""])[0]), {}, send)
            return
        file = self.find(key)
        if file is None:
            body = b"<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>"
            self.reply(404, body, {"Content-Type": "application/xml"}, send)
            return
        length = file.stat().st_size
        headers = {"ETag": '"%x"' % file.stat().st_mtime_ns, "Accept-Ranges": "bytes",
                   "Last-Modified": self.date_time_string(int(file.stat().st_mtime))}
        wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        if not wanted:
            self.reply_part(200, file, 0, length, headers, send)
            return
        first, last = wanted.groups()
        begin = int(first) if first else max(0, length - int(last))
        end = min(int(last) + 1 if first and last else length, length)
        if begin >= length:
            self.reply(416, b"", {"Content-Range": "bytes */%d" % length}, send)
            return
        headers["Content-Range"] = "bytes %d-%d/%d" % (begin, end - 1, length)
        self.reply_part(206, file, begin, end, headers, send)

    def reply(self, status, body, headers, send):
        self.respond(status, len(body), headers, io.BytesIO(body), send)

    def reply_part(self, status, file, begin, end, headers, send):
        with file.open("rb") as content:
            content.seek(begin)
            self.respond(status, end - begin, headers, content, send)

    def respond(self, status, length, headers, content, send):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        # In pieces: samtools asks for all that is left of a file, and Linux counts this program's
        # memory as the peak of what it starts.
        left = length if send else 0
        try:
            while left:
                piece = content.read(min(left, 8192))
                if not piece:
                    break
                self.wfile.write(piece)
                self.server.counted.bytes += len(piece)
                left -= len(piece)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def find(self, key):
        name, _, rest = key.partition("/")
        root = self.server.places.get(name)
        file = root and (root / rest if rest else root)
        return file if file and file.is_file() else None

    def listing(self, prefix):
        keys = []
        for name, root in self.server.places.items():
            files = [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.is_file())
            for file in files:
                key = name if root.is_file() else "%s/%s" % (name, file.relative_to(root))
                if key.startswith(prefix):
                    keys.append((key, file.stat().st_size))
        entries = "".join(
            "<Contents><Key>%s</Key><Size>%d</Size></Contents>" % (xml.sax.saxutils.escape(k), n)
            for k, n in keys
        )
        return (
            '<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>'
            "<KeyCount>%d</KeyCount>%s</ListBucketResult>" % (len(keys), entries)
        ).encode()

    def log_message(self, *arguments):
        pass


class Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Clients may hang up when they have enough."""


class Server:
    """Serves files and directories under names of their own; a context manager."""

    def __init__(self, places):
        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.server.places = {name: pathlib.Path(path) for name, path in places.items()}
        self.server.counted = Count()
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()

    def count(self, action):
        self.server.counted = Count()
        action()
        return self.server.counted

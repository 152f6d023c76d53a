#!/usr/bin/env python3
"""An honest fake of the clinic API's preview environment, with at most one deliberate change. See README.md."""
import argparse
import json
import re
import socket
import sys
import threading
import traceback
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

import changes
import fields
from api import Api, Reply, Request
from clinic import Clinic
from events import Webhook

LARGEST = 32 * 1024 * 1024


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "nginx", ""
    wbufsize = -1  # head and body leave together, when the request is done
    disable_nagle_algorithm = True
    timeout = 120

    def log_message(self, form, *values):
        if self.server.verbose:
            sys.stderr.write(form % values + "\n")

    def handle_expect_100(self):
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def any_method(self):
        try:
            raw = self.read_body()
        except ValueError as error:
            self.close_connection = True
            return self.send(Reply(int(str(error)), {"code": int(str(error)), "message": "The body cannot be read."}))
        url = urlsplit(self.path)
        segments = url.path.split("/")[1:]
        if "api_v3" in segments and segments[0] != "_mock":
            place = segments.index("api_v3")
            try:
                reply = self.server.api.answer(Request(self.command, segments[place + 1:], url.query, self.headers, raw))
            except Exception:
                traceback.print_exc()
                reply = Reply(500, {"code": 500, "message": "Something went wrong."})
        else:
            reply = self.page(segments, parse_qs(url.query))
        self.send(reply)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = any_method

    def read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            raw = b""
            while True:
                line = self.rfile.readline(200).split(b";")[0].strip()
                if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", line):
                    raise ValueError(400)
                size = int(line, 16)
                if len(raw) + size > LARGEST:
                    raise ValueError(413)
                raw += self.rfile.read(size)
                if size == 0:
                    while self.rfile.readline(1000).strip():
                        pass
                    break
                self.rfile.readline(10)
        else:
            length = self.headers.get("Content-Length", "0")
            if not re.fullmatch(r"\d{1,12}", length):
                raise ValueError(400)
            if int(length) > LARGEST:
                raise ValueError(413)
            raw = self.rfile.read(int(length))
        if self.headers.get("Content-Encoding", "").lower() == "gzip":
            try:
                raw = zlib.decompressobj(31).decompress(raw, LARGEST)
            except zlib.error:
                raise ValueError(400)
        return raw

    def page(self, segments, query):
        """What is no part of the API: a card's image, and the portal's sign-on."""
        clinic = self.server.api.clinic
        if self.command == "GET" and segments[0] == "storage" and segments[-1] in clinic.images:
            data = clinic.images[segments[-1]]
            reply = Reply(200, None)
            reply.raw, reply.headers = data, {"Content-Type": fields.image_type(data)}
            return reply
        if self.command == "GET" and segments[-1] == "auth" and segments[0] in ("auth", "vc"):
            target = query.get("next", ["/"])[0]
            if clinic.owner(query.get("sso_token", [""])[0]) is None:
                status, place = 401, None
            elif not target.startswith("/") or target[1:2] in ("/", "\\"):
                status, place = 400, None
            else:
                status, place = 302, "/" + "/".join(segments[:-1] + [quote(target[1:], safe="/?&=#%")])
            reply = Reply(status, None)
            reply.raw, reply.headers = b"<html><body>Portal</body></html>", {"Content-Type": "text/html; charset=utf-8"}
            if place:
                reply.headers["Location"] = place
            return reply
        return Reply(404, {"code": 404, "message": "Page could not be found."})

    def send(self, reply):
        raw = reply.raw
        if raw is None:
            raw = json.dumps(reply.body, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("X-Served-By", "web-3")  # the document has no such header
        self.send_header("Content-Length", str(len(raw)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    verbose = False

    def __init__(self, port, api):
        self.api = api
        super().__init__(("127.0.0.1", port), Handler)

    def server_bind(self):  # without the look-up of the host's name
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def make(port=0, account="vclinic", keys=(("vclinic_api_key", "vclinic_api_secret"),), token="vclinic_api_token",
         delay=10.0, webhook=None, change=None, password=None, log=lambda text: sys.stderr.write(text + "\n")):
    """A server that is not yet serving."""
    hook = Webhook(webhook, account, change, log, 60 * delay)  # ten minutes late, in the measure of the delay
    clinic = Clinic(account, token, password, delay, change, hook.check_ended)
    return Server(port, Api(clinic, list(keys), change))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 is a free one")
    parser.add_argument("--delay", type=float, default=10.0, metavar="SECONDS", help="the time that an eligibility check takes")
    parser.add_argument("--webhook", metavar="URL", help="where events are sent")
    parser.add_argument("--account-code", default="vclinic")
    parser.add_argument("--api-key", action="append", help="may be given again, with a secret each")
    parser.add_argument("--api-secret", action="append")
    parser.add_argument("--api-token", default="vclinic_api_token", help="the clinic's long-lived admin token")
    parser.add_argument("--password", help="lets every user log in with it; without it nobody can")
    parser.add_argument("--change", choices=sorted(changes.TABLE), metavar="NAME", help="make this one change")
    parser.add_argument("--list-changes", action="store_true", help="print the table of changes as JSON")
    parser.add_argument("--until-stdin-closes", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="log each request")
    args = parser.parse_args()
    if args.list_changes:
        print(json.dumps(list(changes.TABLE.values()), indent=1, ensure_ascii=False))
        return
    keys, secrets = args.api_key or ["vclinic_api_key"], args.api_secret or ["vclinic_api_secret"]
    if len(keys) != len(secrets):
        parser.error("as many --api-secret as --api-key are needed")
    server = make(args.port, args.account_code, zip(keys, secrets), args.api_token, args.delay, args.webhook, args.change,
                  args.password)
    server.verbose = args.verbose
    print("listening on http://127.0.0.1:%d" % server.server_port, flush=True)
    if args.until_stdin_closes:
        def wait():
            while sys.stdin.buffer.read(4096):
                pass
            server.shutdown()
        threading.Thread(target=wait, daemon=True).start()
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    server.server_close()


if __name__ == "__main__":
    main()

"""The benchmark's policy for mitmproxy: one allowed host, a path rule, a credential set, everything else denied, one log line a request.

Bodies that are large or of unknown length are streamed: mitmproxy's own default keeps them in memory, in quadratic time.
"""

import json
import os
import time

from mitmproxy import http

HOST = os.environ["BENCH_HOST"]
PORT = int(os.environ["BENCH_PORT"])
ADDRESS = os.environ["BENCH_ADDRESS"]
CREDENTIAL = os.environ["BENCH_CREDENTIAL"]
LARGE = 1 << 20
CLIENT_CREDENTIALS = ("authorization", "proxy-authorization", "cookie", "x-api-key")


def is_large(message):
    length = message.headers.get("content-length")
    return length is None or int(length) > LARGE


class Policy:
    def __init__(self):
        self.log = open(os.environ["BENCH_LOG"], "a", buffering=1)

    def requestheaders(self, flow):
        request = flow.request
        path = request.path.split("?", 1)[0]
        allowed = (
            request.host == HOST
            and request.port == PORT
            and request.host_header == f"{HOST}:{PORT}"
            and request.method in ("GET", "POST")
            and path.startswith("/v1/")
            and "/.." not in path
            and "%" not in path
        )
        if not allowed:
            body = json.dumps({"error": "denied", "host": request.host, "method": request.method, "path": path})
            flow.response = http.Response.make(403, body, {"content-type": "application/json"})
            return
        for name in CLIENT_CREDENTIALS:
            request.headers.pop(name, None)
        request.headers["authorization"] = CREDENTIAL
        # The origin's name is in no DNS. Told here and not when the connection is made: else mitmproxy takes no connection for a second request.
        name = request.host_header
        request.host = ADDRESS
        request.host_header = name
        if request.method == "POST":
            request.stream = is_large(request)

    def responseheaders(self, flow):
        flow.response.stream = is_large(flow.response)

    def response(self, flow):
        request = flow.request
        self.log.write(
            json.dumps(
                {
                    "time": time.time(),
                    "method": request.method,
                    "host": request.host,
                    "path": request.path,
                    "status": flow.response.status_code,
                }
            )
            + "\n"
        )


addons = [Policy()]

namespace Bottle.Scenarios.Clients;

/// <summary>Programs that run in the agent and are too long for a test.</summary>
internal static class Scripts
{
    /// <summary>A WebSocket client on Python's standard library: CONNECT to the proxy of the environment, TLS with the default trust, the handshake, one masked text frame there and back.</summary>
    internal const string WebSocket = """
        import os, socket, ssl, urllib.parse
        proxy = urllib.parse.urlsplit(os.environ['https_proxy'])
        raw = socket.create_connection((proxy.hostname, proxy.port), 20)
        raw.sendall(b'CONNECT live.demo.test:443 HTTP/1.1\r\nHost: live.demo.test:443\r\n\r\n')
        def head(s):
            text = b''
            while not text.endswith(b'\r\n\r\n'):
                byte = s.recv(1)
                if not byte: raise SystemExit('closed after ' + repr(text))
                text += byte
            return text
        assert b' 200 ' in head(raw).split(b'\r\n')[0]
        tls = ssl.create_default_context().wrap_socket(raw, server_hostname='live.demo.test')
        tls.sendall(b'GET /v1/echo HTTP/1.1\r\nHost: live.demo.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')
        answer = head(tls)
        assert b' 101 ' in answer.split(b'\r\n')[0], answer
        message = b'hello through the bottle'
        mask = os.urandom(4)
        tls.sendall(bytes([0x81, 0x80 | len(message)]) + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(message)))
        frame = b''
        while len(frame) < 2 + len(message): frame += tls.recv(1024)
        print('echoed', frame[2:].decode())
        """;
}

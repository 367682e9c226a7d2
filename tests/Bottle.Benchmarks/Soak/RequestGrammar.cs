using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Soak;

/// <summary>Puts requests together from parts of which some are hostile; <see cref="ByteMutator"/> then breaks them further.</summary>
internal sealed class RequestGrammar(Random random, Target target)
{
    /// <summary>Pieces that are put into the middle of things.</summary>
    internal static readonly IReadOnlyList<string> Tokens =
    [
        "\r\n", "\n", "\r", "\0", "\r\n\r\n", ": ", " ", "\t", "%", "%2e%2e", "%2f", "%00", "%5c", "%25", "..", "/../", "//", "\\", ";", "?", "#", "@", ":443", ":80", "*", "\u00ff", "\u00c0\u00ae",
        "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "Host: evil.test\r\n", "Content-Length: 5\r\n", "Content-Length: -1\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n", "Connection: authorization\r\n",
        "Expect: 100-continue\r\n", "Upgrade: h2c\r\nConnection: Upgrade\r\n", "git-receive-pack", "git%2dreceive-pack", "127.0.0.1", "[::1]", "0x7f000001", "localhost",
    ];

    private static readonly string[] Methods = ["GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "TRACE", "CONNECT", "OPTIONS", "get", "PRI", "X", ""];

    private static readonly string[] Targets =
    [
        "/v1/file", "/v1/file", "/v1/upload", "/v1/file?x=1", "/v1/../private", "/private", "/v1/%2e%2e/private", "/v1/..%2fprivate", "/v1//../private", "/v1/.%2e/private", "/v1/%252e%252e/private", "/v1/..;/private",
        "/v1/..\\private", "/v1/%c0%ae%c0%ae/private", "/V1/file", "/v1", "/v1/", "*", "//v1/file", "/v1/x.git/info/refs?service=git-receive-pack", "/v1/x/git-receive-pack", "/v1/x/git%2Dreceive%2dpack",
        "/v1/file#/../private", "/v1/file?access_token=abc", "/v1/\u00e9", "https://evil.test/v1/file", "http://evil.test/v1/file", "evil.test:443",
    ];

    private static readonly string[] Headers =
    [
        "Authorization: Bearer mine\r\n", "authorization: a\r\nAuthorization: b\r\n", "X-Api-Key: mine\r\n", "Cookie: a=b\r\n", "Proxy-Authorization: Basic eA==\r\n", "Connection: close\r\n", "Connection: keep-alive, x-api-key\r\n",
        "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: identity, chunked\r\n", "Transfer-Encoding : chunked\r\n", "Content-Length: 0\r\n", "Content-Length: 3\r\n", "Content-Length: 0x3\r\n", "Content-Length: 3, 3\r\n",
        "Content-Length: 99999999999999999999\r\n", "Expect: 100-continue\r\n", "TE: trailers\r\n", "Trailer: authorization\r\n", "Upgrade: websocket\r\nConnection: Upgrade\r\n", "X-HTTP-Method-Override: DELETE\r\n",
        "Range: bytes=0-1\r\n", "Accept-Encoding: gzip, br\r\n", " folded: x\r\n", "Bad Name: x\r\n", ": empty\r\n", "no-colon\r\n", "X: \u0001\r\n", "X-Long: " + new string('a', 9000) + "\r\n",
    ];

    private static readonly string[] Bodies = ["", "", "", "abc", "3\r\nabc\r\n0\r\n\r\n", "3;x=y\r\nabc\r\n0\r\nauthorization: x\r\n\r\n", "-1\r\n", "ffffffffffffffff\r\n", "0\r\n\r\nGET /private HTTP/1.1\r\nHost: x\r\n\r\n"];

    /// <summary>A request for inside the tunnel.</summary>
    internal string Inside()
    {
        var host = random.Next(8) switch { 0 => "evil.test", 1 => target.Host, 2 => target.Authority.ToUpperInvariant(), 3 => "a@" + target.Authority, _ => target.Authority };
        var headers = string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Pick(Headers)));
        return $"{Pick(Methods)} {Pick(Targets)} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n{Pick(Bodies)}";
    }

    /// <summary>A CONNECT or absolute-form request for the proxy port.</summary>
    internal string Outside()
    {
        string[] authorities =
        [
            target.Authority, target.Authority, target.Authority.ToUpperInvariant(), $"{target.Host}.:{target.Port}", $"{target.Host}:443", $"{target.Host}:0443", $"{target.Host}:70000", target.Host, $"x.{target.Host}:{target.Port}",
            $"user@{target.Authority}", $"127.0.0.1:{target.Port}", $"2130706433:{target.Port}", $"0x7f.1:{target.Port}", $"[::1]:{target.Port}", $"[::ffff:127.0.0.1]:{target.Port}", "localhost:22", "169.254.169.254:80", "_egress.local:80",
            "evil.test:443", $"{target.Host}%00.evil.test:{target.Port}", ":443", "",
        ];
        var authority = Pick(authorities);
        return random.Next(5) == 0
            ? $"GET http://{authority}/v1/file HTTP/1.1\r\nHost: {authority}\r\n\r\n"
            : $"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{(random.Next(4) == 0 ? Pick(Headers) : "")}\r\n";
    }

    private string Pick(string[] parts) => parts[random.Next(parts.Length)];
}

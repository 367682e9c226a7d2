using System.Text;
using Bottle.PipelockStandIn.Configuration;
using Bottle.PipelockStandIn.Policy;

namespace Bottle.PipelockStandIn.Proxying;

/// <summary>Reads one request as pipelock would, and says in pipelock's words why it must not pass.</summary>
internal sealed class RequestInspector(StandInConfig config)
{
    /// <summary>Why the address or a header may not pass, or null.</summary>
    public string? Head(HttpRequest request, string rawTarget)
    {
        if (SecretScanner.Find(rawTarget) is { } inAddress)
            return $"core DLP match: {inAddress} (critical)";
        if (!config.ScanHeaders)
            return null;
        foreach (var (name, values) in request.Headers)
        {
            if (IsScanned(name) && SecretScanner.Find(values.ToString()) is not null)
                return "request header contains secret";
        }
        return null;
    }

    /// <summary>The whole body, or why it may not pass. Bodies are buffered: so does pipelock.</summary>
    public async Task<(byte[] Body, string? Reason)> BodyAsync(HttpRequest request, CancellationToken stop)
    {
        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, stop)) > 0)
        {
            body.Write(buffer, 0, read);
            if (config.ScanBodies && body.Length > config.MaxBodyBytes)
                return ([], $"request body exceeds max_body_bytes ({config.MaxBodyBytes})");
        }
        var bytes = body.ToArray();
        if (!config.ScanBodies || bytes.Length == 0)
            return (bytes, null);
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            return ([], $"request body uses Content-Encoding \"{encoding}\"; compressed bodies cannot be scanned for secrets");
        return SecretScanner.Find(Encoding.Latin1.GetString(bytes)) is { } name && config.Blocks
            ? ([], $"request body contains secret: {name}")
            : (bytes, null);
    }

    private bool IsScanned(string header) => config.AllHeaders
        ? !config.IgnoredHeaders.Contains(header, StringComparer.OrdinalIgnoreCase)
        : config.SensitiveHeaders.Contains(header, StringComparer.OrdinalIgnoreCase);
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Bottle.Egress.Tests.Harness;

/// <summary>One HTTP/1.1 response as it came over a socket; status 0 = the connection closed without one.</summary>
internal sealed record RawResponse(int Status, string Head, string Body)
{
    /// <summary>The denial's code, or empty.</summary>
    public string Code => Body.StartsWith('{') ? (string?)JsonNode.Parse(Body)!["code"] ?? "" : "";

    /// <summary>The denial's reason, or empty.</summary>
    public string Reason => Body.StartsWith('{') ? (string?)JsonNode.Parse(Body)!["reason"] ?? "" : "";

    public string? Header(string name) => Head.Split("\r\n").Skip(1).Where(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(l => l[(name.Length + 1)..].Trim()).FirstOrDefault();

    /// <summary>Reads one response (no HEAD, no 1xx).</summary>
    public static async Task<RawResponse> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var head = await ReadLineAsync(stream, "\r\n\r\n", cancellation);
        if (head.Length == 0)
        {
            return new RawResponse(0, "", "");
        }
        var status = int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture);
        var response = new RawResponse(status, head, "");
        if (status is 100 or 101 or 204 or 304 || head.StartsWith("HTTP/1.1 200 Connection established", StringComparison.Ordinal))
        {
            return response;
        }
        if (response.Header("transfer-encoding") is not null)
        {
            return response with { Body = await ReadChunkedAsync(stream, cancellation) };
        }
        var body = new MemoryStream();
        var left = long.Parse(response.Header("content-length") ?? "9999999", CultureInfo.InvariantCulture);
        var buffer = new byte[16 * 1024];
        while (left > 0 && await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellation) is var read and > 0)
        {
            body.Write(buffer, 0, read);
            left -= read;
        }
        return response with { Body = Encoding.Latin1.GetString(body.ToArray()) };
    }

    public static async Task<string> ReadLineAsync(Stream stream, string end, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        try
        {
            while (await stream.ReadAsync(one, cancellation) > 0)
            {
                text.Append((char)one[0]);
                if (one[0] == '\n' && text.Length >= end.Length && text.ToString(text.Length - end.Length, end.Length) == end)
                {
                    return text.ToString(0, text.Length - end.Length);
                }
            }
        }
        catch (IOException)
        {
            // Reset: the same as closed, for what these tests ask.
        }
        return "";
    }

    private static async Task<string> ReadChunkedAsync(Stream stream, CancellationToken cancellation)
    {
        var body = new StringBuilder();
        while (await ReadLineAsync(stream, "\r\n", cancellation) is { Length: > 0 } size)
        {
            var length = int.Parse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            var chunk = new byte[length + 2];
            await stream.ReadExactlyAsync(chunk, cancellation);
            if (length == 0)
            {
                return body.ToString();
            }
            body.Append(Encoding.Latin1.GetString(chunk, 0, length));
        }
        return body.Append("<broken off>").ToString();
    }
}

using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Origins;

/// <summary>What the origin answers: a 1 KiB file, a body of any size, an upload that is counted, an event stream. Every request must carry the credential, which only a proxy that injects it
/// (or the direct client) does; what must never arrive is printed as a violation.</summary>
internal sealed class OriginAnswers(string authority, string credential, Action<string> report)
{
    internal const string FilePath = "/v1/file";
    internal const int FileLength = 1024;
    internal const string UploadPath = "/v1/upload";
    private const string BulkPrefix = "/v1/bulk?bytes=";
    private const string EventsPrefix = "/v1/events?count=";

    private static readonly byte[] FileAnswer = Answer(FileLength, "etag: \"6741f2c3-400\"\r\nlast-modified: Sat, 21 Nov 2026 00:00:00 GMT\r\naccept-ranges: bytes\r\ncache-control: max-age=60\r\n", new string('x', FileLength));
    private static readonly byte[] Block = Noise(64 * 1024);
    private readonly byte[] _credential = Encoding.ASCII.GetBytes(credential);
    private readonly OriginGuard _guard = new(authority, report);

    internal static string BulkPath(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{BulkPrefix}{bytes}");

    /// <summary>The path of a stream of events, <paramref name="gap"/> apart; the first comes at once.</summary>
    internal static string EventsPath(int count, TimeSpan gap) => string.Create(CultureInfo.InvariantCulture, $"{EventsPrefix}{count}&gap={(long)gap.TotalMilliseconds}");

    /// <summary>Answers one request; false when the client has closed.</summary>
    internal bool Next(HttpReader reader, WireStream stream)
    {
        var head = reader.ReadRequest();
        if (head.IsEmpty)
            return false;
        _guard.Check(head);
        var target = OriginGuard.Target(head);
        if (!HeadText.Value(head, "\r\nauthorization:"u8).SequenceEqual(_credential))
            return Send(reader, stream, "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n"u8);
        if (target.SequenceEqual("/v1/file"u8))
            return Send(reader, stream, FileAnswer);
        if (target.SequenceEqual("/v1/upload"u8))
            return Count(reader, stream);
        var text = Encoding.Latin1.GetString(target);
        if (text.StartsWith(BulkPrefix, StringComparison.Ordinal) && Utf8Parser.TryParse(target[BulkPrefix.Length..], out long bytes, out _))
            return SendBulk(reader, stream, bytes);
        if (text.StartsWith(EventsPrefix, StringComparison.Ordinal))
            return SendEvents(reader, stream, text[EventsPrefix.Length..].Split("&gap="));
        return Send(reader, stream, "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"u8);
    }

    private static bool Send(HttpReader reader, WireStream stream, ReadOnlySpan<byte> answer)
    {
        reader.Drain();
        stream.Write(answer);
        return true;
    }

    private static bool Count(HttpReader reader, WireStream stream)
    {
        var length = reader.Drain().ToString(CultureInfo.InvariantCulture);
        stream.Write(Answer(length.Length, "", length));
        return true;
    }

    private static bool SendBulk(HttpReader reader, WireStream stream, long bytes)
    {
        reader.Drain();
        stream.Write(Answer(bytes, "", ""));
        for (var left = bytes; left > 0; left -= Block.Length)
            stream.Write(Block.AsSpan(0, (int)Math.Min(left, Block.Length)));
        return true;
    }

    private static bool SendEvents(HttpReader reader, WireStream stream, string[] countAndGap)
    {
        reader.Drain();
        var count = int.Parse(countAndGap[0], CultureInfo.InvariantCulture);
        var gap = TimeSpan.FromMilliseconds(long.Parse(countAndGap[1], CultureInfo.InvariantCulture));
        stream.Write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-store\r\ntransfer-encoding: chunked\r\n\r\n"u8);
        for (var at = 0; at < count; at++)
        {
            if (at > 0)
                Thread.Sleep(gap);
            var data = string.Create(CultureInfo.InvariantCulture, $"data: {Stopwatch.GetTimestamp()}\n\n");
            stream.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{data.Length:x}\r\n{data}\r\n")));
        }
        stream.Write("0\r\n\r\n"u8);
        return true;
    }

    private static byte[] Answer(long length, string headers, string body) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"HTTP/1.1 200 OK\r\nserver: origin\r\ncontent-type: application/octet-stream\r\n{headers}content-length: {length}\r\n\r\n{body}"));

    /// <summary>What large downloads consist of: compressed archives, that is noise.</summary>
    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(1).NextBytes(noise);
        return noise;
    }
}

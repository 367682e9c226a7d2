using System.Diagnostics;
using System.Text;
using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Load;

/// <summary>One large body over one connection, down or up.</summary>
internal sealed class BulkTransfer(Target target)
{
    private const double Mega = 1e6;

    /// <summary>Downloads a path and returns MB/s (10^6 bytes); the body must have the expected length.</summary>
    internal double Download(string path, long expectedLength)
    {
        using var stream = WireStream.Open(target);
        var reader = new HttpReader(stream);
        var begin = Stopwatch.GetTimestamp();
        stream.Write(LoadGenerator.Get(target, path));
        var status = reader.ReadAnswer();
        var length = reader.Drain();
        if (status != 200 || length != expectedLength)
            throw new IOException($"download: status {status}, {length} bytes instead of 200, {expectedLength} bytes");
        return length / Mega / Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    /// <summary>Uploads a body and returns MB/s until the answer, which must be the length that the origin counted.</summary>
    internal double Upload(string path, long length)
    {
        using var stream = WireStream.Open(target);
        var reader = new HttpReader(stream);
        var head = $"POST {path} HTTP/1.1\r\nHost: {target.Authority}\r\nUser-Agent: bench\r\nContent-Type: application/octet-stream\r\nContent-Length: {length}\r\n{LoadGenerator.AuthorizationLine(target)}\r\n";
        var block = new byte[64 * 1024];
        Random.Shared.NextBytes(block);
        var begin = Stopwatch.GetTimestamp();
        stream.Write(Encoding.ASCII.GetBytes(head));
        for (var left = length; left > 0; left -= block.Length)
            stream.Write(block.AsSpan(0, (int)Math.Min(left, block.Length)));
        var status = reader.ReadAnswer();
        var answer = reader.DrainText();
        if (status != 200 || answer != $"{length}")
            throw new IOException($"upload: status {status}, the origin counted '{answer}' instead of {length}");
        return length / Mega / Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }
}

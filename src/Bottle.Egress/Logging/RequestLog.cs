using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;

namespace Bottle.Egress.Logging;

/// <summary>
/// One JSON line a request, to the capped file and to standard output. A bounded queue: when the disk is slow, requests wait at their end; no line is dropped in silence.
/// Control characters are escaped by the JSON writer; queries and headers are not logged at all.
/// </summary>
internal sealed class RequestLog : IAsyncDisposable
{
    private const int MaxText = 2048;

    private readonly Channel<byte[]> _lines = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly LogFile _file;
    private readonly Stream _output;
    private readonly TimeProvider _clock;
    private readonly Task _writer;

    public RequestLog(LogFile file, Stream output, TimeProvider clock)
    {
        _file = file;
        _output = output;
        _clock = clock;
        _writer = Task.Run(WriteLinesAsync);
    }

    /// <summary>What made the file unwritable, or null.</summary>
    public string? Problem => _file.Problem;

    /// <summary>A record that starts now.</summary>
    public RequestRecord Start() => new(_clock.GetUtcNow(), _clock.GetTimestamp());

    /// <summary>Ends a record and queues its line.</summary>
    public ValueTask WriteAsync(RequestRecord record) =>
        _lines.Writer.WriteAsync(Format(record, _clock.GetElapsedTime(record.StartTimestamp).TotalMilliseconds));

    /// <summary>The line of a connection that never became a request; dropped only while the queue is full of others.</summary>
    public void WriteConnection(Authority target, DenialCode code, string reason, int? status = null)
    {
        var record = Start();
        (record.Method, record.Target, record.Refusal, record.Reason, record.Status) = ("CONNECT", target, code, reason, status ?? code.Status);
        _lines.Writer.TryWrite(Format(record, 0));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writer.ConfigureAwait(false);
        _file.Dispose();
    }

    private static byte[] Format(RequestRecord record, double milliseconds)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", record.Time);
            json.WriteString("method", Cut(record.Method));
            if (record.Target.Host is not null)
            {
                json.WriteString("scheme", record.Scheme);
                json.WriteString("host", record.Target.Host);
                json.WriteNumber("port", record.Target.Port);
            }
            json.WriteString("path", Cut(record.Path));
            json.WriteString("route", record.Route?.Source ?? record.Route?.Host);
            json.WriteString("decision", record.Refusal is null ? "allowed" : record.Refusal.Status is 502 or 408 ? "failed" : "denied");
            json.WriteString("code", record.Refusal?.Code);
            json.WriteString("reason", Cut(record.Reason));
            json.WriteNumber("status", record.Status);
            json.WriteNumber("bytes_in", Volatile.Read(ref record.BytesIn));
            json.WriteNumber("bytes_out", Volatile.Read(ref record.BytesOut));
            json.WriteNumber("ms", Math.Round(milliseconds, 1));
            json.WriteNumber("generation", record.Generation);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static string? Cut(string? text) => text is { Length: > MaxText } ? text[..MaxText] : text;

    private async Task WriteLinesAsync()
    {
        var reader = _lines.Reader;
        while (await reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (reader.TryRead(out var line))
            {
                _file.Append(line);
                await _output.WriteAsync(line).ConfigureAwait(false);
            }
            _file.Flush();
            await _output.FlushAsync().ConfigureAwait(false);
        }
    }
}

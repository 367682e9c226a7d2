using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Hosting;

namespace Bottle.Egress.Logging;

/// <summary>
/// One JSON line a request, to the capped file and to standard output. A bounded queue: when the disk is slow, requests wait at their end; no line is dropped in silence.
/// Control characters are escaped by the JSON writer; queries and headers are not logged at all.
/// </summary>
internal sealed class RequestLog : IAsyncDisposable
{
    private const int MaxText = 2048;

    // A line a wake-up and a write would cost a request more than its line: what comes within a moment goes out together.
    private const int BatchSize = 32 * 1024;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(25);

    private readonly Channel<Entry> _entries = Channel.CreateBounded<Entry>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly LogFile _file;
    private readonly Stream _output;
    private readonly TimeProvider _clock;
    private readonly Task _writer;

    public RequestLog(LogFile file, Stream output, TimeProvider clock)
    {
        _file = file;
        _output = output;
        _clock = clock;
        _writer = Task.Run(WriteEntriesAsync);
    }

    /// <summary>What made the file unwritable, or null.</summary>
    public string? Problem => _file.Problem;

    /// <summary>A record that starts now.</summary>
    public RequestRecord Start() => new(_clock.GetUtcNow(), _clock.GetTimestamp());

    /// <summary>Ends a record and queues its line.</summary>
    public ValueTask WriteAsync(RequestRecord record) =>
        _entries.Writer.WriteAsync(new Entry(Shortened(record), _clock.GetElapsedTime(record.StartTimestamp).TotalMilliseconds));

    /// <summary>The line of a connection that never became a request; dropped only while the queue is full of others.</summary>
    public void WriteConnection(Authority target, DenialCode code, string reason, int? status = null)
    {
        var record = Start();
        (record.Method, record.Target, record.Refusal, record.Reason, record.Status) = ("CONNECT", target, code, reason, status ?? code.Status);
        _entries.Writer.TryWrite(new Entry(Shortened(record), 0));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _entries.Writer.TryComplete();
        await _writer.ConfigureAwait(false);
        _file.Dispose();
    }

    /// <summary>What waits in the queue is bounded, too.</summary>
    private static RequestRecord Shortened(RequestRecord record)
    {
        (record.Method, record.Path, record.Reason) = (Cut(record.Method)!, Cut(record.Path), Cut(record.Reason));
        return record;
    }

    private static string? Cut(string? text) => text is { Length: > MaxText } ? text[..MaxText] : text;

    private static void Format(Utf8JsonWriter json, RequestRecord record, double milliseconds)
    {
        json.WriteStartObject();
        json.WriteString("time"u8, record.Time);
        json.WriteString("method"u8, record.Method);
        if (record.Target.Host is not null)
        {
            json.WriteString("scheme"u8, record.Scheme);
            json.WriteString("host"u8, record.Target.Host);
            json.WriteNumber("port"u8, record.Target.Port);
        }
        json.WriteString("path"u8, record.Path);
        json.WriteString("route"u8, record.Route?.Source ?? record.Route?.Host);
        json.WriteString("decision"u8, record.Refusal is null ? "allowed" : record.Refusal.Status is 502 or 408 ? "failed" : "denied");
        json.WriteString("code"u8, record.Refusal?.Code);
        json.WriteString("reason"u8, record.Reason);
        json.WriteNumber("status"u8, record.Status);
        json.WriteNumber("bytes_in"u8, Volatile.Read(ref record.BytesIn));
        json.WriteNumber("bytes_out"u8, Volatile.Read(ref record.BytesOut));
        if (record.Tokens is { } tokens)
        {
            json.WriteNumber("tokens"u8, tokens);
        }
        if (record.HasUnreadTokens)
        {
            json.WriteBoolean("tokens_unread"u8, true);
        }
        json.WriteNumber("ms"u8, Math.Round(milliseconds, 1));
        json.WriteNumber("generation"u8, record.Generation);
        if (record.Route?.Lease is { } lease)
        {
            json.WriteString("lease"u8, lease.Id);
        }
        // Whoever was refused got none.
        if (record is { Route.Auth.TokenEnv: { } slot, Refusal: null or { Status: 502 } })
        {
            json.WriteString("credential"u8, slot);
        }
        json.WriteEndObject();
    }

    private async Task WriteEntriesAsync()
    {
        var reader = _entries.Reader;
        var batch = new ArrayBufferWriter<byte>(BatchSize);
        var json = new Utf8JsonWriter(batch);
        await using var ownership = json.ConfigureAwait(false);
        while (await reader.WaitToReadAsync().ConfigureAwait(false))
        {
            await Task.Delay(Gathering, RealTime.Clock).ConfigureAwait(false);
            while (reader.TryRead(out var entry))
            {
                var start = batch.WrittenCount;
                json.Reset();
                Format(json, entry.Record, entry.Milliseconds);
                json.Flush();
                batch.Write("\n"u8);
                _file.Append(batch.WrittenSpan[start..]);
                if (batch.WrittenCount >= BatchSize / 2)
                {
                    await WriteBatchAsync(batch).ConfigureAwait(false);
                }
            }
            _file.Flush();
            await WriteBatchAsync(batch).ConfigureAwait(false);
        }
    }

    private async Task WriteBatchAsync(ArrayBufferWriter<byte> batch)
    {
        await _output.WriteAsync(batch.WrittenMemory).ConfigureAwait(false);
        await _output.FlushAsync().ConfigureAwait(false);
        batch.ResetWrittenCount();
    }

    private readonly record struct Entry(RequestRecord Record, double Milliseconds);
}

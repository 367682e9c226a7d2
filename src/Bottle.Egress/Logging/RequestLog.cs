using System.Buffers;
using System.Text.Json;
using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Hosting;

namespace Bottle.Egress.Logging;

/// <summary>
/// One JSON line a request, to the capped file and to standard output. A request writes its line into memory after its answer is out, and what comes within a moment goes out together: a write for every line would cost a request
/// more than the line, and lines made by another thread would keep one core from the requests meanwhile. When the disk is slow, requests wait at their end; no line of theirs is dropped.
/// </summary>
internal sealed class RequestLog : IAsyncDisposable
{
    // In bytes. Lines come on behind it, one for each request that then waits.
    private const int MaxWaiting = 1024 * 1024;

    // A buffer that a flood has made larger is not kept.
    private const int MaxKept = 256 * 1024;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(25);

    private readonly LogFile _file;
    private readonly Stream _output;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly Utf8JsonWriter _json;
    private readonly SemaphoreSlim _hasLines = new(0);
    private readonly Task _writer;
    private ArrayBufferWriter<byte> _lines = new();
    private ArrayBufferWriter<byte> _spare = new();
    private TaskCompletionSource? _room;
    private string? _outputProblem;
    private bool _ends;
    private bool _isOver;

    public RequestLog(LogFile file, Stream output, TimeProvider clock)
    {
        _file = file;
        _output = output;
        _clock = clock;
        _json = new Utf8JsonWriter(_lines);
        _writer = Task.Run(WriteAllAsync);
    }

    /// <summary>What made the file or standard output unwritable, or null. Either goes on without the other.</summary>
    public string? Problem => _file.Problem ?? _outputProblem;

    /// <summary>A record that starts now.</summary>
    public RequestRecord Start() => new(_clock.GetUtcNow(), _clock.GetTimestamp());

    /// <summary>Ends a record and adds its line; completed when there is room for more.</summary>
    public Task WriteAsync(RequestRecord record)
    {
        lock (_lock)
        {
            Add(record, _clock.GetElapsedTime(record.StartTimestamp));
            return _lines.WrittenCount < MaxWaiting
                ? Task.CompletedTask
                : (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>The line of a connection that never became a request; dropped only while there is no room.</summary>
    public void WriteConnection(Authority target, DenialCode code, string reason, int? status = null)
    {
        var record = Start();
        (record.Method, record.Target, record.Refusal, record.Reason, record.Status) = ("CONNECT", target, code, reason, status ?? code.Status);
        lock (_lock)
        {
            if (_lines.WrittenCount < MaxWaiting)
            {
                Add(record, TimeSpan.Zero);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_ends)
            {
                return;
            }
            _ends = true;
        }
        _hasLines.Release();
        await _writer.ConfigureAwait(false);
        _file.Dispose();
        _hasLines.Dispose();
        await _json.DisposeAsync().ConfigureAwait(false);
    }

    private void Add(RequestRecord record, TimeSpan taken)
    {
        if (_isOver)
        {
            // What outlives the server's end has nowhere to go.
            return;
        }
        var isFirst = _lines.WrittenCount == 0;
        _json.Reset(_lines);
        LogLine.Write(_json, record, taken.TotalMilliseconds);
        _json.Flush();
        _lines.Write("\n"u8);
        if (isFirst && !_ends)
        {
            _hasLines.Release();
        }
    }

    private async Task WriteAllAsync()
    {
        while (true)
        {
            await _hasLines.WaitAsync().ConfigureAwait(false);
            await Task.Delay(Gathering, RealTime.Clock).ConfigureAwait(false);
            var ends = TakeLines(out var lines);
            _file.Append(lines.WrittenSpan);
            await PutOutAsync(lines.WrittenMemory).ConfigureAwait(false);
            _spare = lines.Capacity > MaxKept ? new ArrayBufferWriter<byte>() : lines;
            _spare.ResetWrittenCount();
            if (ends)
            {
                return;
            }
        }
    }

    /// <summary>Takes what has gathered and makes room; says whether it is the last.</summary>
    private bool TakeLines(out ArrayBufferWriter<byte> lines)
    {
        lock (_lock)
        {
            (lines, _lines) = (_lines, _spare);
            _room?.SetResult();
            _room = null;
            return _isOver = _ends;
        }
    }

    /// <summary>A standard output that fails is remembered and tried no more: requests would otherwise wait for it for ever.</summary>
    private async Task PutOutAsync(ReadOnlyMemory<byte> lines)
    {
        if (_outputProblem is not null)
        {
            return;
        }
        try
        {
            await _output.WriteAsync(lines).ConfigureAwait(false);
            await _output.FlushAsync().ConfigureAwait(false);
        }
        catch (IOException e)
        {
            _outputProblem = "the request log cannot be written (standard output): " + e.Message;
            Complaint.Tell(_outputProblem);
        }
    }
}

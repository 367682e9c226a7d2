using System.IO.Pipelines;
using System.Text;
using Bottle.Egress.Forwarding;
using Bottle.Egress.Logging;
using Bottle.Egress.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.Egress.Tests.Harness;

/// <summary>A copy under way, whose upstream sends its pieces and then is silent.</summary>
internal sealed class CopiedAnswer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Pipe _agent = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly PieceStream _upstream = new();
    private readonly NotedStart _response;

    public CopiedAnswer(string? encoding, SecretMask? mask, params byte[][] pieces)
    {
        var http = new DefaultHttpContext();
        _response = new NotedStart(_agent.Writer.AsStream());
        http.Features.Set<IHttpResponseBodyFeature>(_response);
        foreach (var piece in pieces)
        {
            Send(piece);
        }
        var watch = new ResponseWatch(mask, null, new PipelockWatch(new PipelockPulse(_ => throw new IOException("none"), Limit), Limit, TimeProvider.System));
        var record = new RequestRecord(DateTimeOffset.UnixEpoch, 0);
        Copied = new ResponseBody(_upstream, encoding, http, record, watch).CopyAsync(_stop.Token);
    }

    public Task Copied { get; }

    /// <summary>The head, or something, went out.</summary>
    public Task Started => _response.Started;

    /// <summary>The pieces were read, and more is waited for.</summary>
    public Task Idle => _upstream.Idle;

    public bool IsUpstreamDisposed => !_upstream.CanRead;

    public void Send(byte[] piece) => _upstream.Pieces.Writer.TryWrite(piece);

    public void End(Exception? error = null) => _upstream.Pieces.Writer.Complete(error);

    public void CloseAgent() => _agent.Writer.Complete();

    public async Task<string> ReceiveAsync(int length)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bytes = new byte[length];
        var count = 0;
        try
        {
            while (count < length && await _agent.Reader.AsStream().ReadAsync(bytes.AsMemory(count), limit.Token) is var read and > 0)
            {
                count += read;
            }
        }
        catch (OperationCanceledException)
        {
            // What came until then is the answer.
        }
        return Encoding.ASCII.GetString(bytes, 0, count);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Copied.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}

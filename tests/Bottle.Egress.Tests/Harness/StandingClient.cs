using System.Net;

namespace Bottle.Egress.Tests.Harness;

/// <summary>A client on a connection of its own that takes nothing of its answer, and gives a body as long as somebody takes it.</summary>
internal sealed class StandingClient : IDisposable
{
    private readonly HttpClient _client;
    private readonly Version _version;
    private readonly EndlessContent _content = new();
    private Task<HttpResponseMessage>? _answer;

    public StandingClient(EgressHarness harness, IPEndPoint endpoint, Version version) => (_client, _version) = (harness.CreateHttpClient(version, endpoint), version);

    /// <summary>How many bytes of its body it could send.</summary>
    public long Pushed => _content.Written;

    /// <summary>Sends a head: GET, but POST to <c>/deaf</c>. Waits until it is on its way.</summary>
    public async Task OpenAsync(string path)
    {
        var request = new HttpRequestMessage(path == "/deaf" ? HttpMethod.Post : HttpMethod.Get, "https://api.demo.test" + path) { Version = _version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (request.Method == HttpMethod.Post)
        {
            request.Content = _content;
        }
        _answer = _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await Task.WhenAny(_answer, _content.Started);
    }

    /// <summary>Begins the body.</summary>
    public void Push() => _content.Begin();

    public void Dispose()
    {
        _content.Begin();
        if (_answer is { IsCompletedSuccessfully: true } answer)
        {
            // Or the connection stays until it is collected.
            answer.Result.Dispose();
        }
        _client.Dispose();
    }

    private sealed class EndlessContent : HttpContent
    {
        private readonly TaskCompletionSource _begin = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _written;

        public Task Started => _started.Task;

        public long Written => Interlocked.Read(ref _written);

        public void Begin() => _begin.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            _started.TrySetResult();
            await _begin.Task;
            for (var buffer = new byte[16 * 1024]; ;)
            {
                await stream.WriteAsync(buffer);
                Interlocked.Add(ref _written, buffer.Length);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

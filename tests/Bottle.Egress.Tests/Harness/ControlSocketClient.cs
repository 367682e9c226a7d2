using System.Net.Sockets;

namespace Bottle.Egress.Tests.Harness;

/// <summary>Asks on the control socket, as <c>egress introspect</c> does from inside the container.</summary>
internal sealed class ControlSocketClient : IAsyncDisposable
{
    private readonly HttpClient _client;

    public ControlSocketClient(string path) => _client = new HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    public Task<string> AskAsync(string target) => _client.GetStringAsync(new Uri("http://egress" + target));

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}

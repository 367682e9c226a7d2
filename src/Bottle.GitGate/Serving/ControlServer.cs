using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Bottle.Contracts.Git;
using Bottle.GitGate.Pushing;

namespace Bottle.GitGate.Serving;

/// <summary>The socket inside the container on which receive-pack's hooks, the health check and introspection speak to the server. Lines in, lines out; a hook's answer ends with <c>exit N</c>.</summary>
internal sealed class ControlServer(GateState state)
{
    private const int MaximumRequest = 8 * 1024 * 1024;

    /// <summary>Serves until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        File.Delete(GatePaths.ControlSocket);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(GatePaths.ControlSocket));
        listener.Listen(64);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await listener.AcceptAsync(stop));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        await using (var stream = new NetworkStream(client, ownsSocket: false))
        await using (var writer = new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" })
        {
            try
            {
                await AnswerAsync(await ReadLinesAsync(stream), writer);
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                GateLog.Write("control", ("error", e.Message));
            }
        }
    }

    private static async Task<string[]> ReadLinesAsync(NetworkStream stream)
    {
        using var memory = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        // Read to its end also when it is too long to keep: a socket closed before that is reset, and the hook would lose the answer.
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            memory.Write(buffer, 0, (int)Math.Min(read, MaximumRequest - memory.Length));
        }
        var lines = Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length).TrimEnd('\n').Split('\n');
        return memory.Length < MaximumRequest ? lines : lines[..^1];
    }

    private async Task AnswerAsync(string[] lines, StreamWriter writer)
    {
        switch (lines[0])
        {
            case "health":
                await writer.WriteLineAsync("ok");
                break;
            case "introspect":
                await writer.WriteLineAsync(Introspect().ToJsonString());
                break;
            case "pre-receive" when lines.Length > 4:
                await PreReceiveAsync(lines, writer);
                break;
            case "post-receive" when lines.Length > 1:
                state.Push(lines[1])?.RefsMoved();
                break;
            default:
                await writer.WriteLineAsync("exit 1");
                break;
        }
    }

    private async Task PreReceiveAsync(string[] lines, StreamWriter writer)
    {
        var updates = lines.Skip(4).Select(RefUpdate.Parse).ToArray();
        if (state.Push(lines[1]) is not { } session || updates.Contains(null))
        {
            await writer.WriteLineAsync("exit 1");
            return;
        }
        var quarantine = new Quarantine(lines[2], lines[3]);
        // A hook that was killed reads no more; the push goes on and ends in a known state all the same.
        var accepted = await new PushGate(session, quarantine).DecideAsync([.. updates.OfType<RefUpdate>()], line => SayAsync(writer, line));
        await writer.WriteLineAsync(accepted ? "exit 0" : "exit 1");
    }

    private static async Task SayAsync(StreamWriter writer, string line)
    {
        try
        {
            await writer.WriteLineAsync("say " + line.ReplaceLineEndings(" "));
        }
        catch (IOException)
        {
            // Nobody listens any more.
        }
    }

    private JsonObject Introspect() => new()
    {
        ["repositories"] = new JsonArray([.. state.Repositories.Select(served => (JsonNode?)new JsonObject
        {
            ["name"] = served.Repository.Settings.Name,
            ["upstream"] = served.Repository.Url,
            ["last_read"] = served.Freshness.LastRead?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"),
            ["trouble"] = served.Freshness.LastTrouble,
            // Whoever reads upstream or pushes to it holds this: what replaces pipelock waits until nobody does.
            ["busy"] = served.Repository.Moving.CurrentCount == 0,
            ["branches"] = GateLog.List(served.Repository.Settings.Push.Branches),
            ["protected"] = GateLog.List(served.Repository.Settings.Push.Protected),
        })]),
    };
}

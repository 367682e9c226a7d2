using System.Net.Sockets;
using System.Text;
using Bottle.Host.Docker;
using NUnit.Framework;

namespace Bottle.Host.Tests.Docker;

/// <summary>Whatever is no plain answer of the engine's is left to the docker client.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EngineSocketTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => System.IO.Path.Combine(folder.Path, "engine.sock");

    public void Dispose() => folder.Dispose();

    [Test]
    public async Task Where_nobody_listens_nothing_is_said()
    {
        var socket = new EngineSocket(Path);
        Assert.That(await socket.SignalAsync("c", "HUP"), Is.Null);
        Assert.That(await socket.LogLinesAsync("c", null, 1), Is.Null);
        Assert.That(await socket.IsHealthyAsync("c"), Is.Null);
        Assert.That(await socket.ExecAsync("c", ["true"]), Is.Null);
    }

    [TestCase("HTTP/1.0 500 Internal Server Error\r\n\r\n{}")]
    [TestCase("HTTP/1.0 2x0 OK\r\n\r\n")]
    [TestCase("SSH-2.0-OpenSSH_9.2\r\n\r\n")]
    [TestCase("HTTP/1.0 200 OK")]
    [TestCase("")]
    public async Task What_is_no_plain_answer_is_none(string answer)
    {
        Assert.That(await AskAsync(answer, socket => socket.SignalAsync("c", "HUP")), Is.Null);
        Assert.That(await AskAsync(answer, socket => socket.LogLinesAsync("c", null, 1)), Is.Null);
        Assert.That(await AskAsync(answer, socket => socket.IsHealthyAsync("c")), Is.Null);
    }

    [TestCase("\u0001\0\0\0\0\0\0\u0005up")]
    [TestCase("\u0003\0\0\0\0\0\0\u0002up")]
    [TestCase("\u0001\0\0\0\u00ff\u00ff\u00ff\u00ffup")]
    [TestCase("plain")]
    public async Task A_log_that_is_not_in_pieces_is_none(string log) =>
        Assert.That(await AskAsync($"HTTP/1.0 200 OK\r\n\r\n{log}", socket => socket.LogLinesAsync("c", null, 1)), Is.Null);

    [Test]
    public async Task Pieces_of_both_streams_are_lines_in_the_engines_order()
    {
        const string log = "\u0001\0\0\0\0\0\0\u0004b 1\n\u0002\0\0\0\0\0\0\u0004a 2\n\u0001\0\0\0\0\0\0\u0002c ";
        Assert.That(await AskAsync($"HTTP/1.0 200 OK\r\n\r\n{log}", socket => socket.LogLinesAsync("c", null, 1)), Is.EqualTo(new[] { "a 2", "b 1", "c" }));
    }

    [TestCase("2026-01-31T12:00:00.123456789Z", "since=1769860800.123456789&tail=5")]
    [TestCase("2026-01-31T12:00:00Z", "since=1769860800&tail=5")]
    public async Task A_time_of_the_engines_goes_back_to_it_digit_by_digit(string since, string expected)
    {
        var asked = "";
        await AskAsync("HTTP/1.0 200 OK\r\n\r\n", socket => socket.LogLinesAsync("c", since, 5), request => asked = request);
        Assert.That(asked, Does.StartWith("GET /containers/c/logs?").And.Contain(expected));
    }

    private async Task<T> AskAsync<T>(string answer, Func<EngineSocket, Task<T>> ask, Action<string>? asked = null)
    {
        File.Delete(Path);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        listener.Listen();
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptAsync();
            var buffer = new byte[4096];
            var read = await client.ReceiveAsync(buffer);
            asked?.Invoke(Encoding.UTF8.GetString(buffer, 0, read));
            await client.SendAsync(Encoding.Latin1.GetBytes(answer));
        });
        var result = await ask(new EngineSocket(Path));
        await serving;
        return result;
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bottle.Supervise.Tests;

/// <summary>What a hostile client tries: too much, too slowly, too often, and nonsense.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BoundsTests
{
    private const string List = """{"jsonrpc":"2.0","id":"q1","method":"tools/list"}""";

    [Test]
    public async Task A_large_body_is_refused()
    {
        await using var harness = await SuperviseHarness.StartAsync();
        var body = List[..^1] + ",\"x\":\"" + new string('a', 256 * 1024) + "\"}";
        using var told = await harness.PostAsync(body);
        Assert.That(told.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        using var chunked = await harness.PostAsync(new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(body))), CancellationToken.None, ("Transfer-Encoding", "chunked"));
        Assert.That(chunked.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    [Test]
    public async Task A_body_that_stops_arriving_is_given_up()
    {
        await using var harness = await SuperviseHarness.StartAsync(change: settings => settings with { BodyTimeout = TimeSpan.FromMilliseconds(200) });
        using var client = new TcpClient();
        await client.ConnectAsync(harness.Server.Endpoint);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /mcp HTTP/1.1\r\nHost: supervise\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: 1000\r\n\r\n{"));
        using var reader = new StreamReader(stream);
        Assert.That(await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)), Is.EqualTo("HTTP/1.1 408 Request Timeout"));
        Assert.That(await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60)), Does.Contain("the body stopped arriving"), "and the connection ends");
    }

    [Test]
    public async Task Calls_beyond_the_limit_are_refused_and_room_comes_back()
    {
        await using var harness = await SuperviseHarness.StartAsync(change: settings => settings with { MaxCalls = 3 });
        using var gone = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 3).Select(i => harness.PostAsync(new StringContent(Ask(i)), gone.Token)).ToArray();
        await harness.Operator.WaitForAsync(3);
        using var refused = await harness.PostAsync(List);
        Assert.That(((int)refused.StatusCode, refused.Headers.RetryAfter!.ToString()), Is.EqualTo((503, "5")));
        await gone.CancelAsync();
        foreach (var call in waiting)
        {
            (await IgnoringAsync(call))?.Dispose();
        }
        await Eventually.HoldsAsync(() => harness.PostAsync(List).GetAwaiter().GetResult().StatusCode == HttpStatusCode.OK, () => "still refused");
    }

    [Test]
    public async Task Random_bytes_end_no_server()
    {
        await using var harness = await SuperviseHarness.StartAsync(change: settings => settings with { MaxCalls = 1000 });
        var random = new Random(20260102);
        var good = Encoding.UTF8.GetBytes(Ask(1));
        for (var i = 0; i < 300; i++)
        {
            var body = (byte[])good.Clone();
            for (var edits = random.Next(1, 6); edits > 0; edits--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }
            using var stop = new CancellationTokenSource();
            using var answer = await harness.PostAsync(new ByteArrayContent(body), stop.Token);
            Assert.That((int)answer.StatusCode, Is.AnyOf(200, 202, 400));
        }
        using var still = await harness.PostAsync(List);
        Assert.That(still.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(harness.Log.All(c => c is '\n' || !char.IsControl(c)), Is.True, "no control character in the log");
    }

    private static string Ask(int i) =>
        """{"jsonrpc":"2.0","id":0,"method":"tools/call","params":{"name":"egress-block","arguments":{"url":"https://api.example.com/NUMBER","reason":"r"},"_meta":{"progressToken":1}}}"""
            .Replace("NUMBER", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static async Task<HttpResponseMessage?> IgnoringAsync(Task<HttpResponseMessage> call)
    {
        try
        {
            return await call;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}

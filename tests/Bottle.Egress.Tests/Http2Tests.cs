namespace Bottle.Egress.Tests;

/// <summary>HTTP/2 that no well-behaved client sends: attack 15 and the rest of the matrix.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class Http2Tests
{
    private const string Table = "  - {host: api.demo.test, methods: [GET, POST], path_allowlist: [/ok/*]}";

    [TestCase(200)]
    [TestCase(421, ":authority", "other.demo.test")]
    [TestCase(403, ":path", "/no")]
    [TestCase(400, ":path", "/ok/../no")]
    [TestCase(403, ":method", "DELETE")]
    [TestCase(405, ":method", "TRACE")]
    [TestCase(0, ":path", "https://evil.test/")]
    [TestCase(0, ":path", "")]
    [TestCase(0, ":scheme", "http")]
    [TestCase(0, "connection", "close")]
    [TestCase(0, "Upper", "x")]
    [TestCase(400, "transfer-encoding", "chunked")]
    [TestCase(400, "upgrade", "websocket")]
    public async Task Each_request_is_judged_and_what_cannot_be_is_reset(int status, string name = "x-a", string value = "b")
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await Http2Client.OpenAsync(egress, "api.demo.test");
        var headers = new List<(string, string)> { (":method", "GET"), (":scheme", "https"), (":path", "/ok/x"), (":authority", "api.demo.test") };
        headers.RemoveAll(h => h.Item1 == name);
        headers.Insert(name[0] == ':' ? 0 : headers.Count, (name, value));
        await client.SendAsync(Http2Client.Headers, Http2Client.EndHeaders | Http2Client.EndStream, 1, Http2Client.Block([.. headers]));
        var answer = await client.ReadAsync();
        var seen = answer is { Type: Http2Client.Headers } ? Http2Client.StatusOf(answer.Value.Payload) : 0;
        Assert.That(seen, status == 0 ? Is.AnyOf(0, 400) : Is.EqualTo(status));
        Assert.That(egress.Upstream.Requests, Has.Count.EqualTo(status == 200 ? 1 : 0));
    }

    [Test]
    public async Task A_rapid_reset_flood_ends_its_connection_and_no_other()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var other = await egress.OpenTunnelAsync("api.demo.test");
        await using var client = await Http2Client.OpenAsync(egress, "api.demo.test");
        var block = Http2Client.Block((":method", "GET"), (":scheme", "https"), (":path", "/ok/x"), (":authority", "api.demo.test"));
        try
        {
            for (var stream = 1; stream < 40_000; stream += 2)
            {
                await client.SendAsync(Http2Client.Headers, Http2Client.EndHeaders | Http2Client.EndStream, stream, block);
                await client.SendAsync(Http2Client.Reset, 0, stream, [0, 0, 0, 8]);
            }
        }
        catch (IOException)
        {
            // The connection was ended: what is wanted.
        }
        (byte Type, int, byte[])? last;
        do
        {
            last = await client.ReadAsync();
        }
        while (last is { Type: not Http2Client.GoAway });
        Assert.That(egress.Upstream.Requests, Has.Count.LessThan(20_000));
        Assert.That((await other.AskAsync("GET /ok/x HTTP/1.1\r\nHost: api.demo.test\r\n\r\n")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_CONTINUATION_flood_ends_its_connection_and_no_other()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var other = await egress.OpenTunnelAsync("api.demo.test");
        await using var client = await Http2Client.OpenAsync(egress, "api.demo.test");
        var sent = 0;
        try
        {
            await client.SendAsync(Http2Client.Headers, 0, 1, Http2Client.Block((":method", "GET")));
            for (; sent < 20_000; sent++)
            {
                await client.SendAsync(Http2Client.Continuation, 0, 1, Http2Client.Block(("x-flood", new string('a', 120))));
            }
        }
        catch (IOException)
        {
            // Ended.
        }
        Assert.That(sent, Is.LessThan(20_000));
        Assert.That(egress.Proxy.Targets, Is.Empty);
        Assert.That((await other.AskAsync("GET /ok/x HTTP/1.1\r\nHost: api.demo.test\r\n\r\n")).Status, Is.EqualTo(200));
    }
}

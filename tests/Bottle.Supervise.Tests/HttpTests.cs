using System.Globalization;
using System.Net;
using System.Text;

namespace Bottle.Supervise.Tests;

/// <summary>What Streamable HTTP asks of a server, request by request.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HttpTests
{
    private const string List = """{"jsonrpc":"2.0","id":"q1","method":"tools/list"}""";
    private const string Modern = "2026-07-28";

    private const string Meta = "{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private static string ModernBody(string method, string? name = null, string meta = Meta) =>
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":{" + (name is null ? "" : "\"name\":\"" + name + "\",\"arguments\":{},") + "\"_meta\":" + meta + "}}";

    [TestCase("supervise")]
    [TestCase("supervise:PORT")]
    [TestCase("localhost:PORT")]
    [TestCase("SUPERVISE")]
    public async Task Its_own_names_are_served(string host)
    {
        await using var harness = await SuperviseHarness.StartAsync();
        using var answer = await harness.PostAsync(List, ("Host", Fill(host, harness)));
        Assert.That((answer.StatusCode, (string?)(await SuperviseHarness.MessageOf(answer))["id"]), Is.EqualTo((HttpStatusCode.OK, "q1")));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
    }

    [TestCase("Host", "evil.example")]
    [TestCase("Host", "supervise.evil.example")]
    [TestCase("Host", "supervise:81")]
    [TestCase("Host", "10.0.0.1")]
    [TestCase("Origin", "http://evil.example")]
    [TestCase("Origin", "null")]
    [TestCase("Origin", "https://supervise")]
    [TestCase("Origin", "http://supervise.evil.example")]
    public async Task Other_names_and_origins_are_refused(string header, string value)
    {
        await using var harness = await SuperviseHarness.StartAsync();
        using var answer = await harness.PostAsync(List, (header, value));
        Assert.That((answer.StatusCode, (int?)(await SuperviseHarness.MessageOf(answer))["error"]!["code"]), Is.EqualTo((HttpStatusCode.Forbidden, -32600)));
    }

    [TestCase("http://supervise:PORT")]
    [TestCase("http://localhost:PORT")]
    public async Task Its_own_origin_is_served(string origin)
    {
        await using var harness = await SuperviseHarness.StartAsync();
        using var answer = await harness.PostAsync(List, ("Origin", Fill(origin, harness)));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("application/json")]
    [TestCase("text/event-stream")]
    [TestCase("text/html")]
    [TestCase(null)]
    public async Task A_client_that_cannot_read_both_kinds_of_answer_is_refused(string? accept)
    {
        await using var harness = await SuperviseHarness.StartAsync();
        using var answer = await harness.PostAsync(List, ("Accept", accept));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotAcceptable));
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase(null)]
    public async Task A_body_that_is_not_JSON_by_name_is_refused(string? type)
    {
        await using var harness = await SuperviseHarness.StartAsync();
        using var answer = await harness.PostAsync(List, ("Content-Type", type));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{")]
    [TestCase("""{"jsonrpc":"2.0"}""")]
    [TestCase("""{"id":1,"method":"tools/list"}""")]
    [TestCase("""[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]""")]
    [TestCase("""{"jsonrpc":"2.0","id":{},"method":"tools/list"}""")]
    [TestCase("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public async Task What_is_no_message_is_refused(string body)
    {
        await using var harness = await SuperviseHarness.StartAsync();
        using var answer = await harness.PostAsync(body);
        Assert.That((answer.StatusCode, (int?)(await SuperviseHarness.MessageOf(answer))["error"]!["code"]), Is.EqualTo((HttpStatusCode.BadRequest, -32700)));
    }

    [Test]
    public async Task A_body_that_is_not_UTF_8_is_no_message()
    {
        await using var harness = await SuperviseHarness.StartAsync();
        foreach (var place in new[] { "tools/list", "q1", "method" })
        {
            var body = Encoding.Latin1.GetBytes(List.Replace(place, "\u00fc", StringComparison.Ordinal));
            using var answer = await harness.PostAsync(new ByteArrayContent(body), CancellationToken.None);
            Assert.That((answer.StatusCode, (int?)(await SuperviseHarness.MessageOf(answer))["error"]!["code"]), Is.EqualTo((HttpStatusCode.BadRequest, -32700)));
        }
    }

    [TestCase("GET")]
    [TestCase("DELETE")]
    [TestCase("PUT")]
    public async Task There_are_no_sessions_to_listen_to_or_end(string method)
    {
        await using var harness = await SuperviseHarness.StartAsync();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), harness.Address);
        using var answer = await client.SendAsync(request);
        Assert.That((answer.StatusCode, answer.Content.Headers.Allow.Single()), Is.EqualTo((HttpStatusCode.MethodNotAllowed, "POST")));
    }

    [Test]
    public async Task An_unknown_version_is_refused_with_the_known_one()
    {
        await using var harness = await SuperviseHarness.StartAsync();
        using var answer = await harness.PostAsync(ModernBody("tools/list"), ("MCP-Protocol-Version", "2031-01-01"));
        var error = (await SuperviseHarness.MessageOf(answer))["error"]!;
        Assert.That((answer.StatusCode, (int?)error["code"], error["data"]!.ToJsonString()), Is.EqualTo((HttpStatusCode.BadRequest, -32022, """{"supported":["2026-07-28"],"requested":"2031-01-01"}""")));
    }

    [TestCase("tools/list", "2025-11-25", "tools/list", null, 400, -32020, TestName = "Another version in the header than in _meta")]
    [TestCase("tools/list", null, "tools/list", null, 400, -32020, TestName = "A version in _meta alone")]
    [TestCase("tools/list", Modern, "tools/call", null, 400, -32020, TestName = "Another method in the header")]
    [TestCase("tools/list", Modern, null, null, 400, -32020, TestName = "No method in the header")]
    [TestCase("tools/call", Modern, "tools/call", "egress-block", 400, -32020, TestName = "Another tool in the header")]
    [TestCase("tools/call", Modern, "tools/call", null, 400, -32020, TestName = "No tool in the header")]
    [TestCase("initialize", Modern, "initialize", null, 404, -32601, TestName = "A handshake that is no more")]
    [TestCase("ping", Modern, "ping", null, 404, -32601, TestName = "A ping that is no more")]
    [TestCase("logging/setLevel", Modern, "logging/setLevel", null, 404, -32601, TestName = "A log level that is no more")]
    [TestCase("resources/subscribe", Modern, "resources/subscribe", null, 404, -32601, TestName = "A subscription that is no more")]
    [TestCase("resources/unsubscribe", Modern, "resources/unsubscribe", null, 404, -32601, TestName = "An unsubscription that is no more")]
    [TestCase("tasks/list", Modern, "tasks/list", null, 404, -32601, TestName = "A method that never was")]
    public async Task Headers_and_message_must_agree(string method, string? version, string? headerMethod, string? headerName, int status, int code)
    {
        await using var harness = await SuperviseHarness.StartAsync();
        using var answer = await harness.PostAsync(
            ModernBody(method, method == "tools/call" ? "list-egress-routes" : null), ("MCP-Protocol-Version", version), ("Mcp-Method", headerMethod), ("Mcp-Name", headerName));
        Assert.That(((int)answer.StatusCode, (int?)(await SuperviseHarness.MessageOf(answer))["error"]!["code"]), Is.EqualTo((status, code)));
    }

    [TestCase("{}")]
    [TestCase("""{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}""")]
    [TestCase("""{"io.modelcontextprotocol/clientCapabilities":{}}""")]
    [TestCase("""{"io.modelcontextprotocol/protocolVersion":7,"io.modelcontextprotocol/clientCapabilities":{}}""")]
    [TestCase("""{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":1}""")]
    public async Task A_request_without_handshake_must_say_who_asks(string meta)
    {
        await using var harness = await SuperviseHarness.StartAsync();
        using var answer = await harness.PostAsync(ModernBody("tools/list", meta: meta), ("MCP-Protocol-Version", Modern), ("Mcp-Method", "tools/list"));
        Assert.That(((int)answer.StatusCode, (int?)(await SuperviseHarness.MessageOf(answer))["error"]!["code"]), Is.EqualTo((400, -32602)));
    }

    [Test]
    public async Task A_notification_is_accepted_without_an_answer()
    {
        await using var harness = await SuperviseHarness.StartAsync();
        using var answer = await harness.PostAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"nobody's"}}""");
        Assert.That((answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Content.Headers.ContentType), Is.EqualTo((HttpStatusCode.Accepted, "", (object?)null)));
    }

    [Test]
    public async Task Only_its_two_paths_are_there()
    {
        await using var harness = await SuperviseHarness.StartAsync();
        using var client = new HttpClient();
        Assert.That(await client.GetStringAsync(new Uri(harness.Address, "/healthz")), Is.EqualTo("ok, 0 open, 0 waiting\n"));
        Assert.That((await client.GetAsync(new Uri(harness.Address, "/"))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await client.GetAsync(new Uri(harness.Address, "/mcp/x"))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Directory.Delete(harness.Operator.Answers);
        using var ill = await client.GetAsync(new Uri(harness.Address, "/healthz"));
        Assert.That((ill.StatusCode, await ill.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.ServiceUnavailable, $"the folder {harness.Operator.Answers} is missing\n")));
    }

    private static string Fill(string text, SuperviseHarness harness) => text.Replace("PORT", harness.Server.Endpoint.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}

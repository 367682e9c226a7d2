using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Bottle.Egress.Tests;

/// <summary>Tokens of a run's budget, from the answers of model providers; and what those answers look like to the agent, which is no different.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BudgetTokensTests
{
    private const string Table = """
          - {host: model.demo.test, methods: [POST, GET], inspect: false, auth: {scheme: Bearer, token_env: EGRESS_TOKEN_0}, provider: {}}
          - {host: open.demo.test, methods: [POST], inspect: false, provider: {}}
          - {host: other.demo.test, methods: [POST], inspect: false}
        """;

    private const string Whole = """{"id":"m","text":"caf\u00e9","usage":{"input_tokens":30,"output_tokens":12}}""";
    private const string Stream = "event: message_start\ndata: {\"message\":{\"usage\":{\"input_tokens\":30,\"output_tokens\":1}}}\n\nevent: message_delta\ndata: {\"usage\":{\"output_tokens\":12}}\n\n";

    [TestCase("model.demo.test", "text/event-stream", Stream, true)]
    [TestCase("open.demo.test", "text/event-stream", Stream, true)]
    [TestCase("model.demo.test", "application/json", Whole, false)]
    [TestCase("open.demo.test", "application/json", Whole, false)]
    public async Task Tokens_are_counted_and_logged_and_a_spent_budget_ends_the_run(string host, string type, string text, bool isBytewise)
    {
        await using var egress = await EgressHarness.StartAsync(Table, budget: "{tokens: 80}");
        egress.Upstream.Handler = http => AnswerAsync(http, type, Encoding.UTF8.GetBytes(text), isBytewise);
        for (var i = 1; i <= 2; i++)
        {
            var answer = await AskAsync(egress, host);
            Assert.That((answer.Status, answer.Body), Is.EqualTo((200, text)), "nothing is changed");
            Assert.That((await egress.IntrospectAsync("budget"))["tokens"]!["used"]!.GetValue<long>(), Is.EqualTo(42 * i));
        }
        Assert.That((long?)(await egress.Log.FindAsync(l => (int?)l["status"] == 200))["tokens"], Is.EqualTo(42));
        var refused = await AskAsync(egress, host);
        Assert.That((refused.Code, refused.Reason), Is.EqualTo(("BTL6029", "the budget of this run is spent (84 of 80 tokens); the operator may extend it")));
        Assert.That(egress.Upstream.Requests, Has.Count.EqualTo(2));
        Assert.That((await egress.IntrospectAsync("budget"))["unread_answers"]!.GetValue<long>(), Is.Zero);
    }

    [TestCase("model.demo.test")]
    [TestCase("open.demo.test")]
    public async Task Running_totals_are_charged_once_however_they_come(string host)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        egress.Upstream.Handler = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(Stream.Split("event: message_delta")[0]);
            await go.Task;
            await http.Response.WriteAsync("event: message_delta" + Stream.Split("event: message_delta")[1]);
        };
        var asking = AskAsync(egress, host);
        for (var i = 0; i < 3000 && await UsedAsync("tokens") == 0; i++)
        {
            await Task.Delay(20);
        }
        Assert.That(await UsedAsync("tokens"), Is.EqualTo(31));
        go.SetResult();
        Assert.That((await asking).Body, Is.EqualTo(Stream));
        Assert.That((await UsedAsync("tokens"), await UsedAsync("bytes")), Is.EqualTo((42, 2 + Stream.Length)));

        async Task<long> UsedAsync(string kind) => (await egress.IntrospectAsync("budget"))[kind]!["used"]!.GetValue<long>();
    }

    [Test]
    public async Task An_answer_that_only_counts_tokens_has_used_none_and_is_known()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.Handler = http => AnswerAsync(http, "application/json", Encoding.UTF8.GetBytes("""{"input_tokens":2095}"""), isBytewise: false);
        await AskAsync(egress, "open.demo.test");
        var line = await egress.Log.FindAsync(l => (int?)l["status"] == 200);
        Assert.That(((long?)line["tokens"], line["tokens_unread"]), Is.EqualTo(((long?)0, (object?)null)));
    }

    [TestCase("gzip", "model.demo.test")]
    [TestCase("br", "open.demo.test")]
    [TestCase("deflate", "open.demo.test")]
    public async Task An_answer_that_is_compressed_all_the_same_is_counted(string encoding, string host)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.Handler = http =>
        {
            http.Response.Headers.ContentEncoding = encoding;
            return AnswerAsync(http, "application/json", Compress(encoding, Whole), isBytewise: true);
        };
        var answer = await AskAsync(egress, host);
        Assert.That((answer.Body, answer.Header("content-encoding")), Is.EqualTo((Whole, (string?)null)));
        Assert.That(egress.Upstream.Requests.Single().Headers["Accept-Encoding"], Is.EqualTo("identity"));
        Assert.That((await egress.IntrospectAsync("budget"))["tokens"]!["used"]!.GetValue<long>(), Is.EqualTo(42));
    }

    [TestCase("application/json", "", "{\"id\":\"m\"}")]
    [TestCase("application/json", "", "{\"usage\":{\"input_tokens\":1e300}}")]
    [TestCase("application/json", "", "{\"usage\":{\"input_tokens\":-1}}")]
    [TestCase("text/html", "", "<html>")]
    [TestCase("application/json", "zstd", "not really")]
    [TestCase("text/event-stream", "", "data: {}\n\n")]
    public async Task An_answer_that_cannot_be_read_passes_and_is_said_to_be_unknown(string type, string encoding, string text)
    {
        await using var egress = await EgressHarness.StartAsync(Table, budget: "{tokens: 80}");
        egress.Upstream.Handler = http =>
        {
            http.Response.Headers.ContentEncoding = encoding;
            return AnswerAsync(http, type, Encoding.UTF8.GetBytes(text), isBytewise: false);
        };
        Assert.That((await AskAsync(egress, "open.demo.test")).Body, Is.EqualTo(text));
        var report = await egress.IntrospectAsync("budget");
        Assert.That((report["unread_answers"]!.GetValue<long>(), report["tokens"]!["used"]!.GetValue<long>()), Is.EqualTo((1L, 0L)));
        var line = await egress.Log.FindAsync(l => (int?)l["status"] == 200);
        Assert.That(((bool?)line["tokens_unread"], line["tokens"]), Is.EqualTo(((bool?)true, (object?)null)));
    }

    [Test]
    public async Task A_client_that_goes_away_early_hides_nothing_that_was_told()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.Handler = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(Stream.Split("event: message_delta")[0]);
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        await using (var client = await egress.OpenTunnelAsync("model.demo.test"))
        {
            await client.SendAsync("POST /v1/messages HTTP/1.1\r\nHost: model.demo.test\r\nContent-Length: 2\r\n\r\n{}");
            await client.Stream.ReadExactlyAsync(new byte[20]);
            for (var i = 0; i < 500 && (await egress.IntrospectAsync("budget"))["tokens"]!["used"]!.GetValue<long>() == 0; i++)
            {
                await Task.Delay(20);
            }
        }
        var line = await egress.Log.FindAsync(l => (string?)l["path"] == "/v1/messages");
        Assert.That(((long?)line["tokens"], (bool?)line["tokens_unread"]), Is.EqualTo(((long?)31, (bool?)true)));
        Assert.That((await egress.IntrospectAsync("budget"))["unread_answers"]!.GetValue<long>(), Is.EqualTo(1));
    }

    [TestCase("other.demo.test", "POST", 200, Description = "no provider's route")]
    [TestCase("model.demo.test", "GET", 200, Description = "fetched again")]
    [TestCase("model.demo.test", "POST", 429, Description = "refused by the provider")]
    public async Task Other_answers_cost_no_tokens_and_are_not_unread(string host, string method, int status)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.Handler = http =>
        {
            http.Response.StatusCode = status;
            return AnswerAsync(http, "application/json", Encoding.UTF8.GetBytes(Whole), isBytewise: false);
        };
        Assert.That((await AskAsync(egress, host, method)).Status, Is.EqualTo(status));
        var report = await egress.IntrospectAsync("budget");
        Assert.That((report["unread_answers"]!.GetValue<long>(), report["tokens"]!["used"]!.GetValue<long>()), Is.EqualTo((0L, 0L)));
        var line = await egress.Log.FindAsync(l => (int?)l["status"] == status && (string?)l["host"] == host);
        Assert.That((line["tokens"], line["tokens_unread"]), Is.EqualTo(((object?)null, (object?)null)));
    }

    private static Task<RawResponse> AskAsync(EgressHarness egress, string host, string method = "POST") =>
        egress.AskAsync(host, method == "POST" ? "POST /v1/messages\nContent-Length: 2" : $"{method} /v1/messages", method == "POST" ? "{}" : "");

    private static async Task AnswerAsync(HttpContext http, string type, byte[] body, bool isBytewise)
    {
        http.Response.ContentType = type;
        if (!isBytewise)
        {
            await http.Response.Body.WriteAsync(body);
            return;
        }
        foreach (var value in body)
        {
            await http.Response.Body.WriteAsync(new[] { value });
            await http.Response.Body.FlushAsync();
        }
    }

    private static byte[] Compress(string encoding, string text)
    {
        using var result = new MemoryStream();
        using (Stream compressor = encoding switch { "gzip" => new GZipStream(result, CompressionMode.Compress), "br" => new BrotliStream(result, CompressionMode.Compress), _ => new ZLibStream(result, CompressionMode.Compress) })
        {
            compressor.Write(Encoding.UTF8.GetBytes(text));
        }
        return result.ToArray();
    }
}

using Bottle.Egress.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Bottle.Egress.Tests;

/// <summary>
/// Nobody is cut for being silent: attack 16. Every wait of egress is on the injected clock (its BannedSymbols.txt refuses the others), so that minutes pass in a moment; what Kestrel
/// bounds by its own clock is tested in real time.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class SilenceTests
{
    private const string Table = """
          - {host: pass.demo.test, methods: [GET, POST], inspect: false}
          - {host: seen.demo.test, methods: [GET, POST]}
          - {host: key.demo.test, inspect: false, auth: {scheme: Bearer, token_env: EGRESS_TOKEN_0}}
        """;

    [TestCase("1.1", "pass.demo.test")]
    [TestCase("2.0", "pass.demo.test")]
    [TestCase("1.1", "seen.demo.test")]
    [TestCase("2.0", "seen.demo.test")]
    [TestCase("2.0", "key.demo.test")]
    public async Task A_call_held_for_thirty_minutes_and_ten_silent_minutes_of_a_stream_are_not_cut(string version, string host)
    {
        var clock = new ManualClock();
        await using var egress = await EgressHarness.StartAsync(Table, clock: clock);
        using var asked = new SemaphoreSlim(0);
        using var next = new SemaphoreSlim(0);
        egress.Upstream.Handler = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            asked.Release();
            foreach (var text in new[] { "held", "silent" })
            {
                await next.WaitAsync(http.RequestAborted);
                await http.Response.WriteAsync($"data: {text}\n");
                await http.Response.Body.FlushAsync();
            }
        };
        using var client = egress.CreateHttpClient(Version.Parse(version));
        client.Timeout = Timeout.InfiniteTimeSpan;
        var answer = client.GetAsync(new Uri($"https://{host}/events"), HttpCompletionOption.ResponseHeadersRead);
        Assert.That(await asked.WaitAsync(TimeSpan.FromSeconds(60)), Is.True);
        await clock.PassAsync(TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(15));
        Assert.That(clock.Fired, Is.GreaterThan(0), "while an answer is late egress waits on this clock");
        next.Release();
        using var response = await answer;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.That(await reader.ReadLineAsync(), Is.EqualTo("data: held"));
        var fired = clock.Fired;
        await clock.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(15));
        Assert.That(clock.Fired, Is.GreaterThan(fired), "and while a stream is silent");
        next.Release();
        Assert.That((await reader.ReadLineAsync(), await reader.ReadLineAsync()), Is.EqualTo(("data: silent", (string?)null)));
    }

    [TestCase("1.1")]
    [TestCase("2.0")]
    public async Task An_upload_may_pause_for_longer_than_a_server_grants_by_default(string version)
    {
        // Kestrel gives a body five seconds before it wants 240 bytes in each.
        var pause = TimeSpan.FromSeconds(9);
        await using var egress = await EgressHarness.StartAsync(Table);
        using var client = egress.CreateHttpClient(Version.Parse(version));
        using var content = new PausingContent(pause);
        using var response = await client.PostAsync(new Uri("https://pass.demo.test/up"), content);
        Assert.That((int)response.StatusCode, Is.EqualTo(200), await response.Content.ReadAsStringAsync());
        Assert.That(egress.Upstream.Requests.Single().Body, Is.EqualTo("hello world"));
    }

    [Test]
    public void No_rate_is_asked_of_a_client_in_either_direction()
    {
        var options = new KestrelServerOptions();
        KestrelLimits.Apply(options, new EgressSettings());
        Assert.That((options.Limits.MinRequestBodyDataRate, options.Limits.MinResponseDataRate), Is.EqualTo(((MinDataRate?)null, (MinDataRate?)null)));
    }

    /// <summary>Sends five bytes, and the rest after a pause.</summary>
    private sealed class PausingContent(TimeSpan pause) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync("hello"u8.ToArray());
            await stream.FlushAsync();
            await Task.Delay(pause);
            await stream.WriteAsync(" world"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

using System.IO.Compression;
using System.Net;
using System.Text;

namespace Bottle.Egress.Tests;

/// <summary>What pipelock is to read on its way, and what inspected hosts cannot have: SPEC F8, attack 14.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class InspectedBodyTests
{
    private const string Table = """
          - {host: pass.demo.test, methods: ["any"], inspect: false, websocket: true}
          - {host: seen.demo.test, methods: ["any"]}
        """;

    [Test]
    public async Task An_inspected_host_gets_gzip_bodies_decoded_and_is_asked_for_plain_answers()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        using var client = egress.CreateHttpClient();
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");
        using var content = new ByteArrayContent(Gzip(Encoding.ASCII.GetBytes("hello hello hello")));
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await client.PostAsync(new Uri("https://seen.demo.test/x"), content);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var seen = egress.Upstream.Requests.Single();
        Assert.That((seen.Body, seen.Headers.ContainsKey("Content-Encoding"), seen.Headers["Accept-Encoding"]), Is.EqualTo(("hello hello hello", false, "identity")));
    }

    [Test]
    public async Task A_host_on_passthrough_gets_everything_as_it_is()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await egress.AskAsync("pass.demo.test", "POST /x\nContent-Encoding: gzip\nAccept-Encoding: zstd\nContent-Length: 3", "abc");
        var seen = egress.Upstream.Requests.Single();
        Assert.That((seen.Body, seen.Headers["Content-Encoding"], seen.Headers["Accept-Encoding"]), Is.EqualTo(("abc", "gzip", "zstd")));
    }

    [TestCase("Content-Length: 2000", "")]
    [TestCase("Transfer-Encoding: chunked", "7d0\r\n")]
    public async Task A_body_beyond_what_pipelock_scans_is_refused_and_names_the_way_out(string framing, string prefix)
    {
        await using var egress = await EgressHarness.StartAsync(Table, change: s => s with { InspectMaxBody = 1000 });
        var response = await egress.AskAsync("seen.demo.test", "POST /x\n" + framing, prefix + new string('x', 2000));
        Assert.That((response.Status, response.Code), Is.EqualTo((413, "BTL6013")), response.Head);
        Assert.That(response.Reason, Does.Contain("inspect: false"));
        Assert.That(egress.Upstream.Requests, Is.Empty);
        await egress.Log.FindAsync(l => (string?)l["code"] == "BTL6013");
    }

    [Test]
    public async Task A_gzip_bomb_is_cut_off_at_the_same_limit()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        var bomb = Gzip(new byte[64 * 1024 * 1024]);
        using var client = egress.CreateHttpClient();
        using var content = new ByteArrayContent(bomb);
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await client.PostAsync(new Uri("https://seen.demo.test/x"), content);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(egress.Upstream.Requests, Is.Empty);
    }

    [TestCase("zstd", "abc", 415, "BTL6022")]
    [TestCase("gzip, gzip", "abc", 415, "BTL6022")]
    [TestCase("gzip", "abc", 400, "BTL6010")]
    public async Task A_body_that_cannot_be_scanned_is_refused(string encoding, string body, int status, string code)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        var response = await egress.AskAsync("seen.demo.test", $"POST /x\nContent-Encoding: {encoding}\nContent-Length: 3", body);
        Assert.That((response.Status, response.Code), Is.EqualTo((status, code)), response.Body);
        Assert.That(egress.Upstream.Requests, Is.Empty);
    }

    private static byte[] Gzip(byte[] bytes)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }
        return output.ToArray();
    }
}

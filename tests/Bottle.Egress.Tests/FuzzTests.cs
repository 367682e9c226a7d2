using System.Buffers;
using System.Text;
using Bottle.Egress.Connect;
using FsCheck;
using FsCheck.Fluent;

namespace Bottle.Egress.Tests;

/// <summary>Broken on purpose, at random: heads that egress reads itself, and whole requests end to end.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class FuzzTests
{
    private const string Connect = "CONNECT api.demo.test:443 HTTP/1.1\r\nHost: api.demo.test:443\r\nUser-Agent: x\r\n\r\n";
    private const string Request = "GET /ok/x?a=b HTTP/1.1\r\nHost: api.demo.test\r\nX-A: b\r\nContent-Length: 0\r\n\r\n";

    /// <summary>Rounds of the end-to-end test; a soak run sets BOTTLE_FUZZ_ROUNDS.</summary>
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("BOTTLE_FUZZ_ROUNDS"), out var rounds) ? rounds : 30;

    private static readonly string[] Pieces =
        ["\r", "\n", "\r\n", "\0", " ", "\t", ":", "/", "..", "%2e", "%2f", "@", "[", "]", "\\", "443", "80", "evil.test", "Host: evil.test\r\n", "Transfer-Encoding: chunked\r\n", "Content-Length: 5\r\n", "\u00ff", "http://evil.test", "#", "?", "HTTP/1.0", "*"];

    [Test]
    public void A_CONNECT_head_is_read_or_refused_and_nothing_else()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(Mutations(Connect), text =>
        {
            var bytes = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(text));
            if (!ConnectHead.MayBegin(bytes) || ConnectHead.FindEnd(bytes) is not { } end)
            {
                return true;
            }
            var refusal = ConnectHead.TryParse(bytes.Slice(0, end), out var target);
            // What is accepted stands in the request line, in exactly one way.
            return refusal is not null || text.StartsWith($"CONNECT {target} HTTP/1.", StringComparison.OrdinalIgnoreCase) || text.StartsWith($"CONNECT {target.Host}.:{target.Port} HTTP/1.", StringComparison.OrdinalIgnoreCase)
                || target.Host[0] == '[';
        }));
    }

    [Test]
    public async Task Whatever_comes_only_the_allowed_host_and_path_are_reached()
    {
        await using var egress = await EgressHarness.StartAsync("  - {host: api.demo.test, path_allowlist: [/ok/*]}", change: s => s with { HeadTimeout = TimeSpan.FromMilliseconds(300), StallTimeout = TimeSpan.FromMilliseconds(300) });
        foreach (var text in Gen.Sample(Mutations(Request).Generator, Rounds, 40))
        {
            await using var tunnel = await OpenPatientlyAsync(egress);
            await tunnel.SendAsync(Encoding.Latin1.GetBytes(text));
            await tunnel.ReadAsync();
        }
        foreach (var text in Gen.Sample(Mutations(Connect).Generator, Rounds, 40))
        {
            await using var client = await egress.OpenAsync();
            await client.SendAsync(Encoding.Latin1.GetBytes(text));
            await client.ReadAsync();
        }
        Assert.That(egress.Proxy.Targets.Distinct(), Is.SubsetOf(new[] { "api.demo.test:443" }));
        Assert.That(egress.Upstream.Requests, Has.All.Matches<SeenRequest>(r => r!.Host == "api.demo.test" && r.Target.StartsWith("/ok/", StringComparison.Ordinal) && r.Method is "GET" or "HEAD"));
        await using var last = await OpenPatientlyAsync(egress);
        Assert.That((await last.AskAsync("GET /ok/x HTTP/1.1\r\nHost: api.demo.test\r\n\r\n")).Status, Is.EqualTo(200), "egress is still there");
    }

    /// <summary>Heads are cut off after little time, so that broken ones cost the test little; on a busy machine that cuts a handshake now and then, before anything broken was sent.</summary>
    private static async Task<RawClient> OpenPatientlyAsync(EgressHarness egress)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await egress.OpenTunnelAsync("api.demo.test");
            }
            catch (IOException) when (attempt < 20)
            {
                continue;
            }
        }
    }

    /// <summary>The text with one to four places cut, doubled, or with a piece put in or over.</summary>
    private static Arbitrary<string> Mutations(string text)
    {
        var edit = Gen.Zip(Gen.Zip(Gen.Choose(0, text.Length), Gen.Choose(0, 3)), Gen.Elements(Pieces));
        return Gen.Select(Gen.ArrayOf(edit), edits => edits.Take(4).Aggregate(text, (current, e) => Apply(current, e.Item1.Item1, e.Item1.Item2, e.Item2))).ToArbitrary();
    }

    private static string Apply(string text, int at, int kind, string piece)
    {
        var place = Math.Min(at, text.Length);
        return kind switch
        {
            0 => text.Insert(place, piece),
            1 => text.Remove(place, Math.Min(piece.Length, text.Length - place)),
            2 => text.Remove(place, Math.Min(piece.Length, text.Length - place)).Insert(place, piece),
            _ => text.Insert(place, text[place..Math.Min(text.Length, place + 20)]),
        };
    }
}

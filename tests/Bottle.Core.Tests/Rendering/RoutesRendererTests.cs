using Bottle.Contracts.Routes;
using Bottle.Core.Rendering;
using Bottle.Core.Tests.Planning;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Bottle.Core.Tests.Rendering;

/// <summary>Egress reads exactly what was planned: every combination of a route's keys, through egress's own reader.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RoutesRendererTests
{
    private static Gen<Route> Routes =>
        from host in Gen.Elements("api.example.com", "*.example.com", "xn--bcher-kva.example")
        from port in Gen.Elements(443, 8443, 65535)
        from more in Gen.Elements(true, false)
        from methods in Gen.Elements<string[]?>(null, ["GET", "HEAD"], ["POST"], ["PROPFIND", "GET"])
        from paths in Gen.Elements<string[]?>(null, ["/v1/*"], ["/a%20b", "/*"], ["/$HOME/~x'y/*"])
        from inspect in Gen.Elements(true, false)
        from passes in Gen.Elements(true, false)
        from auth in Gen.Elements(null, Auth(AuthScheme.Bearer), Auth(AuthScheme.Token), Auth(AuthScheme.Basic), Auth(AuthScheme.Header, "x-api-key"))
        from source in Gen.Elements("bottles/dev.md:14", "a \"b\"\\c: [d] # e\u2028:1", null)
        select new Route
        {
            Host = host,
            Ports = more ? [443, port == 443 ? 444 : port] : [port],
            Methods = methods,
            PathAllowlist = paths,
            Inspect = inspect,
            WebSocket = !inspect && more,
            ClientAuthPasses = passes,
            Auth = auth,
            Source = source,
        };

    [Test]
    public void What_egress_reads_is_what_was_planned() => Prop.ForAll(Routes.NonEmptyListOf().ToArbitrary(), routes =>
    {
        var good = GoldenTests.Plan("manifest");
        var text = RoutesRenderer.Render(good with { Revision = 7, Egress = good.Egress! with { Routes = [.. routes] } }).Single().Text;
        var read = RoutesReader.Read(text);
        Assert.That(read.Problems, Is.Empty, text);
        Assert.That(read.File!.Generation, Is.EqualTo(7));
        Assert.That(read.File.Routes.Select(Comparable), Is.EqualTo(routes.Select(Comparable)), text);
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Leases_and_the_pipelock_in_use_are_written_as_egress_reads_them()
    {
        var until = new DateTimeOffset(2026, 1, 31, 14, 0, 0, TimeSpan.FromHours(2));
        RouteLease?[] leases = [null, new() { Id = "egress-block-1a", Until = until, Uses = 3 }, new() { Id = "b", Uses = 1 }, new() { Id = "c", Until = until }];
        var read = RoutesReader.Read(RoutesRenderer.Write(new RoutesFile { Generation = 3, Pipelock = "pipelock-r3", Routes = [.. leases.Select(l => new Route { Host = "a.test", Lease = l })] }));
        Assert.That(read.Problems, Is.Empty);
        Assert.That(read.File!.Pipelock, Is.EqualTo("pipelock-r3"));
        Assert.That(read.File.Routes.Select(r => r.Lease), Is.EqualTo(leases));
    }

    [TestCaseSource(typeof(GoldenTests), nameof(GoldenTests.CaseNames))]
    public void The_matcher_takes_every_golden_table(string name)
    {
        if (RoutesRenderer.Render(GoldenTests.Plan(name)) is [{ Text: var text }])
            Assert.That(() => new RouteMatcher(RoutesReader.Read(text).File!.Routes), Throws.Nothing);
        else
            Assert.That(GoldenTests.Plan(name).Egress, Is.Null);
    }

    private static RouteAuth Auth(AuthScheme scheme, string header = "authorization") => new() { Scheme = scheme, Header = header, TokenEnv = "EGRESS_TOKEN_0" };

    // Records compare lists by reference.
    private static (Route, string, string?, string?) Comparable(Route route) =>
        (route with { Ports = Array.Empty<int>(), Methods = null, PathAllowlist = null }, string.Join(' ', route.Ports), Join(route.Methods), Join(route.PathAllowlist));

    private static string? Join(IReadOnlyList<string>? values) => values is null ? null : string.Join('\n', values);
}

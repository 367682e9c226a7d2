using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Core.Tests.Planning;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Core.Tests.Expectations;

[Parallelizable(ParallelScope.All)]
public sealed class ExpectationTests
{
    private const string Routes = """
        ---
        egress:
          routes:
            - host: api.example.com
              methods: [GET, POST]
              path_allowlist: [/v1/*]
            - {host: "*.example.org"}

        """;

    [TestCase("""expect: {allow: ["GET https://api.example.com/v1/x", "HEAD https://a.example.org/"], deny: ["DELETE https://api.example.com/v1/x", "GET https://example.org/"]}""")]
    [TestCase("""expect: {deny: ["GET https://api.example.com/v1", "GET https://203.0.113.7/", "POST https://a.example.org/x.git/git-receive-pack", "GET http://api.example.com/v1/x"]}""")]
    [TestCase("expect: {}")]
    public void What_the_routes_hold_is_not_mentioned(string expect) => Assert.That(Diagnostics(Routes + expect), Is.Empty);

    [Test]
    public void What_they_do_not_hold_is_an_error_that_shows_both_lines()
    {
        const string Text = Routes + """
            expect:
              allow:
                - DELETE https://api.example.com/v1/x
                - GET https://api.example.com/v2
                - GET https://nowhere.example.net/
              deny:
                - POST https://api.example.com/v1/x?y=1
            """ + "\n---\n";
        var diagnostics = Diagnostics(Text);

        Assert.That(diagnostics.All(d => d.Severity == Severity.Error));
        Golden.Verify(DiagnosticText.Render(diagnostics, _ => Text), "golden/broken-expectations.txt");
        Assert.That(DiagnosticMsBuild.Render(diagnostics[^1]),
            Does.StartWith("bottles/dev.md(14,7): error BTL2042: ").And.Contain("(bottles/dev.md:4:7: this route allows it)"));
        Assert.That(DiagnosticJson.Render(diagnostics), Does.Contain("""
            "related":{"file":"bottles/dev.md","line":4,"column":7,"message":"this route comes nearest"}
            """));
    }

    [Test]
    public void A_bottle_without_a_route_denies_everything()
    {
        Assert.That(Diagnostics("""
            ---
            expect: {deny: ["GET https://example.org/"]}
            """), Is.Empty);
        Assert.That(Diagnostics("""
            ---
            expect: {allow: ["GET https://example.org/"]}
            """).Select(d => d.Code), Is.EqualTo(["BTL2041"]));
    }

    [Test]
    public void The_place_of_a_providers_route_is_in_its_file()
    {
        var diagnostic = Diagnostics("""
            ---
            provider: claude
            expect: {deny: ["POST https://api.anthropic.com/v1/messages"]}
            """, "ANTHROPIC_API_KEY").Single();
        Assert.That((diagnostic.Code, diagnostic.Related!.Where.File), Is.EqualTo(("BTL2042", "bottles/providers/claude.yaml")));
    }

    [Test]
    public void A_presets_host_is_judged_where_its_client_names_it_and_a_warning_elsewhere()
    {
        const string Text = """
            ---
            egress: {presets: [npm]}
            expect: {allow: ["GET https://packages.example.com/left-pad"], deny: ["PUT https://packages.example.com/left-pad"]}
            """;
        var configured = Samples.Facts() with { Registries = new Dictionary<string, IReadOnlyList<string>> { ["npm"] = ["https://packages.example.com/"] } };

        Assert.That(Planner.Plan(Request(Text), configured).Diagnostics, Is.Empty);
        var unconfigured = Planner.Plan(Request(Text), Samples.Facts());
        Assert.That(unconfigured.Diagnostics.Select(d => (d.Code, d.Severity)), Is.EquivalentTo(new[] { ("BTL2031", Severity.Warning), ("BTL2043", Severity.Warning) }));
        Assert.That(unconfigured.Plan, Is.Not.Null);
    }

    private static IReadOnlyList<Diagnostic> Diagnostics(string text, params string[] variables) => Planner.Plan(Request(text), Samples.Facts(variables)).Diagnostics;

    private static LaunchRequest Request(string text)
    {
        var read = ManifestReader.ReadBottle("bottles/dev.md", text.EndsWith("---\n", StringComparison.Ordinal) ? text : text + "\n---\n");
        Assert.That(read.Diagnostics, Is.Empty);
        return Samples.Launch(read.Manifest!);
    }
}

using System.Runtime.CompilerServices;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Core.Tests.Planning;

/// <summary>The way from what a person writes to what the preflight shows, with the reader and the provider file that ship.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class FromTextToPlanTests
{
    private const string Bottle = """
        ---
        env: {API_URL: "${API_URL}", PRICE: "5$$"}
        egress:
          routes:
            - {host: api.example.com, methods: [GET, POST], path_allowlist: [/v1/*], auth: {scheme: Bearer, token_ref: EX_TOKEN}}
            - {host: "*.pkg.example.net", inspect: false}
        ---
        For development.
        """;

    private const string Agent = """
        ---
        bottle: dev
        command: [claude, --continue]
        ---
        Work through the issue list.
        """;

    [Test]
    public void What_is_written_is_what_the_preflight_shows()
    {
        var result = Planner.Plan(Request(Bottle), Samples.Facts("API_URL", "EX_TOKEN", "ANTHROPIC_API_KEY"));
        Assert.That(result.Diagnostics, Is.Empty);
        Golden.Verify(PreflightText.Render(result.Require()), "golden/from-text.preflight.txt");
        Assert.That(result.Plan!.Agent.Environment.Single(v => v.Name == "PRICE").Literal, Is.EqualTo("5$"));
    }

    [Test]
    public void A_missing_variable_is_found_at_its_character()
    {
        var result = Planner.Plan(Request(Bottle) with { HostIsRequired = true }, Samples.Facts("EX_TOKEN", "ANTHROPIC_API_KEY"));
        var error = result.Diagnostics.Single();
        Assert.That((error.Code, error.Where!.ToString()), Is.EqualTo(("BTL2002", "bottles/dev.md:2:16")));
    }

    private static LaunchRequest Request(string bottle)
    {
        const string provider = "bottles/providers/claude.yaml";
        return new LaunchRequest
        {
            Identity = Identity.ForRender("implementer").ToString(),
            Agent = Good(ManifestReader.ReadAgent("bottles/agents/implementer.md", Agent)),
            Bottle = Good(ManifestReader.ReadBottle(Samples.File, bottle)),
            Providers = [Good(ManifestReader.ReadProvider(provider, File.ReadAllText(Path.Combine(Root(), provider))))],
        };
    }

    private static T Good<T>(ManifestResult<T> result) where T : class => result.Manifest ?? throw new AssertionException(string.Join('\n', result.Diagnostics));

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../.."));
}

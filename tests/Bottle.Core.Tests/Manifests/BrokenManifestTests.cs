using System.Runtime.CompilerServices;
using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Core.Tests.Manifests;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class BrokenManifestTests
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(Here())!, "broken");

    private static IEnumerable<string> Files => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Where(file => file.EndsWith(".md", StringComparison.Ordinal) || file.EndsWith(".yaml", StringComparison.Ordinal))
        .Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Files))]
    public void Each_broken_manifest_gives_the_documented_errors_with_their_places(string file)
    {
        var text = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(Folder, file))); // keeps the byte order mark
        var diagnostics = Read("bottles/" + file, text);

        Assert.That(diagnostics, Is.Not.Empty);
        Assert.That(diagnostics.All(d => d.Code.StartsWith("BTL1", StringComparison.Ordinal) && d.Where is not null && d.Fix is not null));
        Golden.Verify(DiagnosticText.Render(diagnostics, name => name == "bottles/" + file ? text : null), "broken/" + file);
    }

    [Test]
    public void There_are_more_broken_manifests_than_the_issue_asks_for() => Assert.That(Files.Count(), Is.GreaterThanOrEqualTo(25));

    private static IReadOnlyList<Diagnostic> Read(string file, string text) =>
        file.Contains("/agents/", StringComparison.Ordinal) ? ManifestReader.ReadAgent(file, text).Diagnostics
        : file.Contains("/providers/", StringComparison.Ordinal) ? ManifestReader.ReadProvider(file, text).Diagnostics
        : ManifestReader.ReadBottle(file, text).Diagnostics;

    private static string Here([CallerFilePath] string path = "") => path;
}

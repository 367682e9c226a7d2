using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Bottle.Core.Tests.Diagnostics;

[Parallelizable(ParallelScope.All)]
public sealed partial class CatalogueTests
{
    private static readonly string Catalogue = Path.Combine(Repository(), "src", "Bottle.Core", "Diagnostics", "Catalogue");

    [Test]
    public void A_number_means_one_thing()
    {
        var codes = Directory.EnumerateFiles(Catalogue, "*.cs").SelectMany(file => Literal().Matches(File.ReadAllText(file)).Select(match => (Code: match.Value, File: Path.GetFileName(file)))).ToList();
        Assert.That(codes, Has.Count.GreaterThan(100));
        Assert.That(codes.GroupBy(code => code.Code).Where(group => group.Count() > 1).Select(group => string.Join(", ", group)), Is.Empty);
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "bottle.cake")))
            folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex("\"BTL[0-9]{4}\"")]
    private static partial Regex Literal();
}

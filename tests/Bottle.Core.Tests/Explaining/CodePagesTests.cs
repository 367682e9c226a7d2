using System.Text.RegularExpressions;
using Bottle.Core.Explaining;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Core.Tests.Explaining;

[Parallelizable(ParallelScope.All)]
public sealed partial class CodePagesTests
{
    // Where codes are made: everything there needs a page.
    private static readonly string[] Sources = ["src/Bottle.Core/Diagnostics/Catalogue", "src/Bottle.Contracts/Denials/DenialCodes.cs", "src/Bottle.Contracts/Git/GateRefusals.cs"];

    private static IEnumerable<string> Codes => Sources.Select(source => Path.Combine(Repository(), source))
        .SelectMany(path => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.cs") : [path])
        .SelectMany(file => Literal().Matches(File.ReadAllText(file)).Select(match => match.Groups["code"].Value)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Codes))]
    public void Every_code_has_a_page_with_what_an_example_and_a_way_out(string code)
    {
        var page = CodePages.Find(code);
        Assert.That(page, Is.Not.Null);
        Assert.That(page!.What, Does.Not.Match("<|BTL|^$"));
        Assert.That(page.Example, Does.Contain(code));
        Assert.That(page.Fix ?? page.Why, Is.Not.Null.And.Not.Empty);
    }

    [Test]
    public void There_are_no_pages_but_those_of_codes() => Assert.That(CodePages.All.Select(page => page.Code), Is.EquivalentTo(Codes.Distinct()));

    [Test]
    public void What_happened_is_the_sentence_at_the_method() =>
        Assert.That(CodePages.All.Where(page => page.Code[3] != '6').Select(page => page.What == Message(page)), Has.All.False);

    [TestCase("BTL1203")]
    [TestCase("btl1203")]
    [TestCase("1203")]
    public void A_code_is_found_as_people_write_it(string code) => Assert.That(CodePages.Find(code)!.Code, Is.EqualTo("BTL1203"));

    [Test]
    public void A_page_reads_well() => Golden.Verify(string.Join("\n----\n", new[] { "BTL1203", "BTL2042", "BTL6004", "BTL6412" }.Select(code => CodePages.Find(code)!.Text())), "golden/pages.txt");

    private static string Message(CodePage page) => page.Example!.Split('\n')[0].Split(": ", 2)[1];

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "bottle.cake")))
            folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex("\"(?<code>BTL[0-9]{4})\"")]
    private static partial Regex Literal();
}

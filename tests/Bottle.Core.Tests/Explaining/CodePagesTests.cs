using System.Reflection;
using System.Text.RegularExpressions;
using Bottle.Contracts.Git;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
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

    // A name in place of a value is what a person would not understand.
    [Test]
    public void Every_text_of_an_example_is_invented()
    {
        var factories = new[] { typeof(CommandLineErrors), typeof(GateRefusals) }.SelectMany(type => type.Assembly.GetTypes().Where(other => other.Namespace == type.Namespace && other is { IsAbstract: true, IsSealed: true }))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)).Where(method => method.ReturnType == typeof(Diagnostic) || method.ReturnType == typeof(GateRefusal)).ToList();
        Assert.That(factories, Has.Count.GreaterThan(150));
        var texts = factories.SelectMany(method => method.GetParameters()).Where(parameter => parameter.ParameterType == typeof(string) || parameter.ParameterType.IsAssignableTo(typeof(IEnumerable<string>)));
        Assert.That(texts.Where(parameter => SampleTexts.Find(parameter.Member.Name, parameter.Name!) is null).Select(parameter => $"{parameter.Member.Name}.{parameter.Name}"), Is.Empty);
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

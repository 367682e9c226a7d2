using System.Text.Json;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using NUnit.Framework;

namespace Bottle.Core.Tests.Diagnostics;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class DiagnosticRenderingTests
{
    private static readonly Diagnostic Example = new()
    {
        Code = "BTL1203",
        Message = "unknown key 'egres' in bottle 'dev'",
        Where = new SourceSpan("bottles/dev.md", 3, 1, 5),
        Why = "an unknown key is never ignored; here it would leave the bottle without any route",
        Fix = "rename it to 'egress'",
    };

    [Test]
    public void Text_has_the_form_of_the_architecture_document() => Assert.That(DiagnosticText.Render(Example, _ => "---\nenv: {}\negres:\n---\n"), Is.EqualTo("""
        error BTL1203: unknown key 'egres' in bottle 'dev'
          --> bottles/dev.md:3:1
           |
         3 | egres:
           | ^^^^^
           = why: an unknown key is never ignored; here it would leave the bottle without any route
           = fix: rename it to 'egress'

        """));

    [Test]
    public void Text_without_a_source_or_a_place_still_says_everything()
    {
        Assert.That(DiagnosticText.Render(Example, _ => null), Does.Not.Contain(" | ").And.Contain("bottles/dev.md:3:1").And.Contain("= fix:"));
        Assert.That(DiagnosticText.Render(Example with { Where = null }, _ => "x"), Does.Not.Contain("-->").And.Contain("= why:"));
        Assert.That(DiagnosticText.Render(Example with { Where = new SourceSpan("f", 99, 1) }, _ => "one line"), Does.Contain("f:99:1").And.Not.Contain("one line"));
    }

    [Test]
    public void Colour_marks_the_head_and_the_carets_only()
    {
        var text = DiagnosticText.Render(Example, _ => "\n\negres:\n", colour: true);
        Assert.That(text, Does.StartWith("\u001b[1;31merror BTL1203\u001b[0m: ").And.Contain("\u001b[1;31m^^^^^\u001b[0m"));
        Assert.That(DiagnosticText.Render(Example with { Severity = Severity.Warning }, _ => null, colour: true), Does.StartWith("\u001b[1;33mwarning"));
    }

    [Test]
    public void A_hostile_source_line_cannot_steer_the_terminal()
    {
        var hostile = Example with { Message = "bad \u001b[2J\r\nerror BTL9999: faked", Where = new SourceSpan("a\u001b]0;x\u0007.md", 1, 1), Fix = "x\ry" };
        var text = DiagnosticText.Render(hostile, _ => "\u001b[31m\u202egnp.exe\u009b1m\u200b\t\u0007");
        Assert.That(text.All(c => c == '\n' || InertText.IsHarmless(c)));
        Assert.That(text.Split('\n').Count(line => line.StartsWith("error", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void A_value_that_can_be_a_secret_is_not_shown()
    {
        var text = DiagnosticText.Render(Example with { HidesValue = true, Where = new SourceSpan("f", 1, 3, 3) }, _ => "  KEY: sk-secret");
        Assert.That(text, Does.Contain("  KEY … (not shown)").And.Not.Contain("sk-secret"));
    }

    [Test]
    public void A_long_line_shows_the_surroundings_of_the_place([Values(1, 5, 5_000, 9_990)] int column)
    {
        var line = new string('x', column - 1) + "HERE" + new string('y', 10_000);
        var rows = DiagnosticText.Render(Example with { Where = new SourceSpan("f", 1, column, 4) }, _ => line).Split('\n');
        Assert.That(rows[3], Has.Length.LessThan(160));
        Assert.That(rows[3].Substring(rows[4].IndexOf('^', StringComparison.Ordinal), 4), Is.EqualTo("HERE"));
    }

    [Test]
    public void MsBuild_form_is_one_line_with_file_line_column_and_code()
    {
        Assert.That(DiagnosticMsBuild.Render(Example), Is.EqualTo("bottles/dev.md(3,1): error BTL1203: unknown key 'egres' in bottle 'dev' (fix: rename it to 'egress')"));
        Assert.That(DiagnosticMsBuild.Render(Example with { Severity = Severity.Warning, Where = null, Fix = null }), Is.EqualTo("bottle: warning BTL1203: unknown key 'egres' in bottle 'dev'"));
        Assert.That(DiagnosticMsBuild.Render(Example with { Message = "a\nb", Fix = "c\nd" }), Does.Not.Contain("\n"));
    }

    [Test]
    public void Json_has_every_known_part_and_leaves_out_the_rest()
    {
        using var json = JsonDocument.Parse(DiagnosticJson.Render([Example, new Diagnostic { Code = "BTL0001", Message = "m \u001b", Severity = Severity.Note }]));
        Assert.That(json.RootElement[0].EnumerateObject().Select(p => p.Name), Is.EqualTo(["code", "severity", "message", "file", "line", "column", "length", "why", "fix"]));
        Assert.That(json.RootElement[0].GetProperty("line").GetInt32(), Is.EqualTo(3));
        Assert.That(json.RootElement[1].EnumerateObject().Select(p => $"{p.Name}={p.Value}"), Is.EqualTo(["code=BTL0001", "severity=note", "message=m \u001b"]));
    }

    [TestCase("egres", "egress"), TestCase("metods", "methods"), TestCase("path", "path_allowlist"), TestCase("Host", "host"), TestCase("hsot", "host"), TestCase("zebra", null), TestCase("", null), TestCase("x", null)]
    public void The_nearest_name_is_found(string typed, string? meant) => Assert.That(Nearest.Of(typed, ["env", "egress", "methods", "path_allowlist", "host"]), Is.EqualTo(meant));

    [Test]
    public void A_name_of_any_length_costs_nothing() => Assert.That(Nearest.Of(new string('e', 1_000_000), ["env"]), Is.Null);

    [Test]
    public void Command_line_errors_name_the_nearest_argument_and_exit_with_2()
    {
        var error = CommandLineErrors.UnknownArgument("agnet", ["agent", "yes"]);
        Assert.That((error.Code, error.ExitCode), Is.EqualTo(("BTL0001", 2)));
        Assert.That(error.Fix, Is.EqualTo("write '--agent'; known arguments: --agent, --yes"));
        Assert.That(CommandLineErrors.MissingArgument("agent", "Start", "dotnet cake --target=Start --agent=demo").Message, Is.EqualTo("Start needs '--agent'"));
        Assert.That(CommandLineErrors.BadValue("format", "xml", "text or json").Message, Is.EqualTo("'--format=xml' is not text or json"));
        Assert.That(CommandLineErrors.UnknownTarget("Strat", ["Start", "Stop"]).Fix, Does.StartWith("write '--target=Start'"));
    }

    [Test]
    public void Exit_codes_follow_the_phase()
    {
        Assert.That(Example.ExitCode, Is.EqualTo(11));
        Assert.That((Example with { Code = "BTL4001" }).ExitCode, Is.EqualTo(14));
    }
}

using System.Diagnostics;
using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using NUnit.Framework;

namespace Bottle.Core.Tests.Manifests;

/// <summary>Whatever a file holds: no exception, bounded time, an error or a manifest, and places that lie inside the file.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class ManifestFuzzTests
{
    private const string Alphabet = "---\n\n\n  -:: {}[],\"'#&*!|>%@`~\\$?\t\r\u0000\u0085\u2028\ufeff\ud800éabn01";

    private static readonly string[] Words =
        ["env", "egress", "routes", "host", "ports", "methods", "auth", "scheme", "token_ref", "a.example.com", "443", "any", "true", "NO", "${A}", "$$", "*x", "&x", "<<", "!!str", "---", "...", "|", ">-", "? ", ": ", "- ", "\n", "\n  ", "{", "}", "[", "]", ",", "\""];

    [Test]
    public void Random_text_is_read_or_refused([Range(1, 8)] int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 400; i++)
        {
            var text = new StringBuilder(random.Next(4) == 0 ? "" : "---\n");
            for (var length = random.Next(200); length > 0; length--)
                text.Append(random.Next(3) == 0 ? Words[random.Next(Words.Length)] : Alphabet[random.Next(Alphabet.Length)].ToString());
            Check(text.Append(random.Next(4) == 0 ? "" : "\n---\n").ToString());
        }
    }

    [Test]
    public void Mutations_of_a_good_manifest_are_read_or_refused([Range(1, 8)] int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var text = new StringBuilder(GoodManifestTests.EveryKey);
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                var at = random.Next(text.Length);
                switch (random.Next(4))
                {
                    case 0: text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at)); break;
                    case 1: text.Insert(at, Words[random.Next(Words.Length)]); break;
                    case 2: text[at] = Alphabet[random.Next(Alphabet.Length)]; break;
                    default: text.Insert(at, text.ToString(random.Next(at + 1), 1)); break;
                }
            }

            Check(text.ToString());
        }
    }

    [Test]
    public void Random_bytes_are_read_or_refused([Range(1, 4)] int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            Check("---\n" + Encoding.Latin1.GetString(bytes) + "\n---\n");
        }
    }

    // Each is as large as a manifest can be.
    [TestCase("[", ""), TestCase("{a: ", ""), TestCase("- ", ""), TestCase("? ", ""), TestCase("a: ", ""), TestCase("\"", ""), TestCase("a", ""), TestCase("#", ""), TestCase("[a, ", "]"), TestCase(" ", "")]
    [TestCase("a\n", ""), TestCase("a: b\n", ""), TestCase("- a\n", ""), TestCase("\n", ""), TestCase("? a\n", ""), TestCase("*a ", ""), TestCase("&a ", ""), TestCase("!a ", ""), TestCase("'' ", ""), TestCase("|\n", ""), TestCase(",", "")]
    [TestCase("---\n", ""), TestCase("...\n", ""), TestCase("%A\n", ""), TestCase("\\x", ""), TestCase(": ", ""), TestCase("{", ""), TestCase("\t", ""), TestCase("\r", ""), TestCase("a:\n ", "")]
    public void The_largest_repetition_costs_no_more_than_a_moment(string part, string end)
    {
        var watch = Stopwatch.StartNew();
        foreach (var prefix in new[] { "", "env: ", "env: [", "egress:\n  routes:\n    - host: " })
        {
            var room = ManifestReader.MaxBytes - prefix.Length - end.Length - 20;
            Check("---\n" + prefix + string.Concat(Enumerable.Repeat(part, room / part.Length)) + end + "\n---\n");
        }

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void The_most_routes_of_one_host_cost_no_more_than_a_moment()
    {
        var watch = Stopwatch.StartNew();
        var routes = string.Concat(Enumerable.Range(0, 700).Select(i => $"    - {{host: a.example.com, path_allowlist: [/{i}, /x{i}]}}\n"));
        var bottle = ManifestReader.ReadBottle("dev.md", $"---\negress:\n  routes:\n{routes}---\n");
        Assert.That(bottle.Manifest?.Routes, Has.Count.EqualTo(700));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void Depth_nodes_and_size_have_round_limits()
    {
        Assert.That(Codes($"---\nenv: {new string('[', 14)}{new string(']', 14)}\n---\n"), Does.Not.Contain("BTL1107"));
        Assert.That(Codes($"---\nenv: {new string('[', 16)}{new string(']', 16)}\n---\n"), Does.Contain("BTL1107"));
        Assert.That(Codes($"---\nenv: [{string.Concat(Enumerable.Repeat("a,", 4_990))}]\n---\n"), Does.Not.Contain("BTL1108"));
        Assert.That(Codes($"---\nenv: [{string.Concat(Enumerable.Repeat("a,", 5_000))}]\n---\n"), Does.Contain("BTL1108"));
        Assert.That(Codes("---\n---\n" + new string('x', (256 * 1024) - 8)), Is.Empty);
        Assert.That(Codes("---\n---\n" + new string('x', (256 * 1024) - 7)), Is.EqualTo(["BTL1002"]));
    }

    [Test]
    public void A_flood_of_errors_is_counted_and_not_printed()
    {
        var codes = Codes($"---\n{string.Concat(Enumerable.Range(0, 500).Select(i => $"k{i}: x\n"))}---\n");
        Assert.That(codes, Has.Count.EqualTo(101));
        Assert.That(codes[^1], Is.EqualTo("BTL1012"));
    }

    private static List<string> Codes(string text) => [.. ManifestReader.ReadBottle("dev.md", text).Diagnostics.Select(d => d.Code)];

    private static void Check(string text)
    {
        Check(text, ManifestReader.ReadBottle("dev.md", text));
        Check(text, ManifestReader.ReadAgent("dev.md", text));
        Check(text, ManifestReader.ReadProvider("dev.yaml", text));
    }

    private static void Check<T>(string text, ManifestResult<T> result) where T : class
    {
        if (result.Manifest is null == result.Diagnostics.All(d => d.Severity != Severity.Error))
            Assert.Fail($"neither a manifest nor an error: {text}");
        var lines = text.Split('\n');
        foreach (var where in result.Diagnostics.Select(d => d.Where!))
            if (where.Line < 1 || where.Line > lines.Length || where.Column < 1 || where.Column > lines[where.Line - 1].Length + 1 || where.Length < 1)
                Assert.Fail($"{where} is outside of: {text}");
        var shown = DiagnosticText.Render(result.Diagnostics, _ => text);
        if (shown.Any(c => c != '\n' && !InertText.IsHarmless(c) && !char.IsSurrogate(c)))
            Assert.Fail($"not inert: {shown}");
    }
}

using Bottle.Core.Diagnostics;
using NUnit.Framework;

namespace Bottle.Core.Tests.Diagnostics;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class UnifiedDiffTests
{
    [Test]
    public void Equal_texts_have_no_difference() => Assert.That(UnifiedDiff.Of("a\n", "a\n", "f"), Is.Empty);

    [Test]
    public void A_change_stands_with_three_lines_around_it() => Assert.That(UnifiedDiff.Of("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "f"),
        Is.EqualTo("--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"));

    [Test]
    public void Changes_far_apart_are_hunks_of_their_own()
    {
        var before = string.Concat(Enumerable.Range(1, 40).Select(i => $"{i}\n"));
        var diff = UnifiedDiff.Of(before, before.Replace("\n5\n", "\nfive\n", StringComparison.Ordinal).Replace("\n30\n", "\n", StringComparison.Ordinal), "f");
        Assert.That(diff.Split('\n').Where(line => line.StartsWith("@@", StringComparison.Ordinal)), Is.EqualTo(["@@ -2,7 +2,7 @@", "@@ -27,7 +27,6 @@"]));
    }

    [Test]
    public void A_new_file_and_a_lost_one_are_shown_whole()
    {
        Assert.That(UnifiedDiff.Of(null, "a\nb\n", "f"), Is.EqualTo("--- (nothing)\n+++ f\n@@ -0,0 +1,2 @@\n+a\n+b\n"));
        Assert.That(UnifiedDiff.Of("a\n", null, "f"), Is.EqualTo("--- f\n+++ (nothing)\n@@ -1,1 +0,0 @@\n-a\n"));
    }

    [Test]
    public void A_missing_last_line_break_is_a_difference() => Assert.That(UnifiedDiff.Of("a\n", "a", "f"), Does.Contain("+a (no line break at the end)"));

    [Test]
    public void Applying_the_difference_gives_the_new_text([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var before = Text(random);
            var after = random.Next(2) == 0 ? Text(random) : Mutated(before, random);
            if (Applied(before, UnifiedDiff.Of(before, after, "f")) != after)
                Assert.Fail($"{before}\n=>\n{after}\n:\n{UnifiedDiff.Of(before, after, "f")}");
        }
    }

    [Test]
    public void Very_different_texts_are_shown_whole_in_bounded_time()
    {
        var before = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"a{i}\n"));
        var after = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"b{i}\n"));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.That(Applied(before, UnifiedDiff.Of(before, after, "f")), Is.EqualTo(after));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => $"{"abcde"[random.Next(5)]}\n"));

    private static string Mutated(string text, Random random)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        for (var changes = random.Next(4); changes > 0; changes--)
            lines.Insert(random.Next(lines.Count + 1), "new");
        if (lines.Count > 0)
            lines.RemoveAt(random.Next(lines.Count));
        return string.Concat(lines.Select(line => line + "\n"));
    }

    // An independent reading of the format: removed and unchanged lines must be those of the old text, at the place that the hunk names.
    private static string Applied(string before, string diff)
    {
        if (diff.Length == 0)
            return before;
        var old = before.Split('\n')[..^1];
        var (result, at) = (new List<string>(), 0);
        foreach (var line in diff.Split('\n')[2..^1])
        {
            if (line.StartsWith("@@", StringComparison.Ordinal))
            {
                var range = line.Split(' ')[1][1..].Split(',').Select(int.Parse).ToArray();
                var start = range[1] == 0 ? range[0] : range[0] - 1;
                result.AddRange(old[at..start]);
                at = start;
                continue;
            }

            if (line[0] != '+' && old[at++] != line[1..])
                return $"does not apply at line {at}: {line}";
            if (line[0] != '-')
                result.Add(line[1..]);
        }

        result.AddRange(old[at..]);
        return string.Concat(result.Select(line => line + "\n"));
    }
}

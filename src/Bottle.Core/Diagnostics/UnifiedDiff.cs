using System.Globalization;
using System.Text;

namespace Bottle.Core.Diagnostics;

/// <summary>The difference of two texts in the unified format, made inert: safe to print, whatever the texts hold. Bounded: texts that differ a lot are shown as removed and added whole.</summary>
public static class UnifiedDiff
{
    private const int Context = 3;
    private const int MostEdits = 1_000;

    private enum Kind { Same, Removed, Added }

    /// <summary>Hunks with three lines of context, headed by both names; empty when the texts are equal. A null text is a file that is not there.</summary>
    public static string Of(string? before, string? after, string name)
    {
        if (before == after)
            return "";
        var (old, @new) = (Lines(before), Lines(after));
        var edits = Edits(old, @new);
        var text = new StringBuilder();
        text.Append("--- ").Append(before is null ? "(nothing)" : InertText.Line(name)).Append('\n');
        text.Append("+++ ").Append(after is null ? "(nothing)" : InertText.Line(name)).Append('\n');
        for (var i = 0; i < edits.Count;)
        {
            var change = edits.FindIndex(i, edit => edit.Kind != Kind.Same);
            if (change < 0)
                break;
            i = AppendHunk(text, edits, Math.Max(i, change - Context));
        }

        return text.ToString();
    }

    private static int AppendHunk(StringBuilder text, List<(Kind Kind, string Line)> edits, int start)
    {
        var (end, quiet) = (start, 0);
        for (; end < edits.Count && quiet <= 2 * Context; end++)
            quiet = edits[end].Kind == Kind.Same && edits.FindIndex(start, end - start, edit => edit.Kind != Kind.Same) >= 0 ? quiet + 1 : 0;
        end -= Math.Max(0, quiet - Context);
        var hunk = edits.GetRange(start, end - start);
        var oldLine = edits.Take(start).Count(edit => edit.Kind != Kind.Added) + 1;
        var newLine = edits.Take(start).Count(edit => edit.Kind != Kind.Removed) + 1;
        var (oldCount, newCount) = (hunk.Count(edit => edit.Kind != Kind.Added), hunk.Count(edit => edit.Kind != Kind.Removed));
        text.Append(CultureInfo.InvariantCulture, $"@@ -{(oldCount == 0 ? oldLine - 1 : oldLine)},{oldCount} +{(newCount == 0 ? newLine - 1 : newLine)},{newCount} @@\n");
        foreach (var (kind, line) in hunk)
            text.Append(kind switch { Kind.Removed => '-', Kind.Added => '+', _ => ' ' }).Append(InertText.Line(line)).Append('\n');
        return end;
    }

    private static string[] Lines(string? text) => text is null or "" ? [] : (text.EndsWith('\n') ? text[..^1] : text + " (no line break at the end)").Split('\n');

    private static List<(Kind Kind, string Line)> Edits(string[] before, string[] after)
    {
        var head = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        var tail = before[head..].Reverse().Zip(after[head..].Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
        var edits = before[..head].Select(line => (Kind.Same, line)).ToList();
        edits.AddRange(Middle(before[head..^tail], after[head..^tail]));
        edits.AddRange(before[^tail..].Select(line => (Kind.Same, line)));
        return edits;
    }

    // Myers' greedy algorithm, with the furthest points of every round kept for the way back.
    private static List<(Kind, string)> Middle(string[] a, string[] b)
    {
        var most = Math.Min(MostEdits, a.Length + b.Length);
        var furthest = new int[(2 * most) + 3];
        var rounds = new List<int[]>();
        for (var d = 0; d <= most; d++)
        {
            rounds.Add((int[])furthest.Clone());
            for (var k = -d; k <= d; k += 2)
            {
                var x = k == -d || (k != d && furthest[most + k] < furthest[most + k + 2]) ? furthest[most + k + 2] : furthest[most + k] + 1;
                for (; x < a.Length && x - k < b.Length && x - k >= 0 && a[x] == b[x - k]; x++) { }
                furthest[most + k + 1] = x;
                if (x >= a.Length && x - k >= b.Length)
                    return Way(a, b, rounds, most);
            }
        }

        return [.. a.Select(line => (Kind.Removed, line)), .. b.Select(line => (Kind.Added, line))];
    }

    private static List<(Kind, string)> Way(string[] a, string[] b, List<int[]> rounds, int most)
    {
        var edits = new List<(Kind, string)>();
        var (x, y) = (a.Length, b.Length);
        for (var d = rounds.Count - 1; d >= 0; d--)
        {
            var furthest = rounds[d];
            var k = x - y;
            var isDown = k == -d || (k != d && furthest[most + k] < furthest[most + k + 2]);
            var (fromK, isFirst) = (isDown ? k + 1 : k - 1, d == 0);
            var fromX = isFirst ? 0 : furthest[most + fromK + 1];
            var fromY = isFirst ? 0 : fromX - fromK;
            for (; x > fromX && y > fromY && (isFirst || x > (isDown ? fromX : fromX + 1) || y > (isDown ? fromY + 1 : fromY)); x--, y--)
                edits.Add((Kind.Same, a[x - 1]));
            if (!isFirst)
                edits.Add(isDown ? (Kind.Added, b[y - 1]) : (Kind.Removed, a[x - 1]));
            (x, y) = (fromX, fromY);
        }

        edits.Reverse();
        return edits;
    }
}

namespace Bottle.Core.Diagnostics;

/// <summary>Finds the name that a person probably meant.</summary>
public static class Nearest
{
    private const int LongestName = 64;

    /// <summary>The nearest of <paramref name="known"/> by edit distance (insert, remove, replace, swap neighbours), or null when none is near; case, <c>-</c> and <c>_</c> do not count.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        if (name.Length is 0 or > LongestName)
            return null;
        var wanted = Folded(name);
        var best = known.Select(candidate => (candidate, distance: Distance(wanted, Folded(candidate)))).OrderBy(pair => pair.distance).FirstOrDefault();
        if (best.candidate is not null && best.distance <= Math.Max(1, wanted.Length / 3))
            return best.candidate;
        return wanted.Length < 3 ? null : known.FirstOrDefault(candidate => Folded(candidate).StartsWith(wanted, StringComparison.Ordinal));
    }

    private static string Folded(string name) => name.ToLowerInvariant().Replace('-', '_');

    // Optimal string alignment: three rows are enough.
    private static int Distance(string a, string b)
    {
        var (before, previous, current) = (new int[b.Length + 1], Enumerable.Range(0, b.Length + 1).ToArray(), new int[b.Length + 1]);
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }
}

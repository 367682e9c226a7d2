namespace Bottle.Contracts.Git;

/// <summary>Patterns of branch names: <c>*</c> stands for any characters, slashes too, as in git's refspecs; all else is literal and case-sensitive.</summary>
public static class BranchPattern
{
    /// <summary>Whether a branch (without <c>refs/heads/</c>) matches a pattern; linear in practice, quadratic at worst.</summary>
    public static bool Matches(string pattern, string branch)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(branch);
        int p = 0, b = 0, star = -1, resume = 0;
        while (b < branch.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = b;
            }
            else if (p < pattern.Length && pattern[p] == branch[b])
            {
                p++;
                b++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                b = ++resume;
            }
            else
            {
                return false;
            }
        }
        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }

    /// <summary>Whether any of the patterns matches.</summary>
    public static bool MatchesAny(IEnumerable<string> patterns, string branch) => patterns.Any(pattern => Matches(pattern, branch));
}

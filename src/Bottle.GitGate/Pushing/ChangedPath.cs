namespace Bottle.GitGate.Pushing;

/// <summary>A path that a new commit gives a content which none of its parents has there.</summary>
/// <param name="Commit">The commit.</param>
/// <param name="Path">The whole path, slashes, as bytes of UTF-8.</param>
/// <param name="NewId">The new blob; zeros when the path goes away.</param>
/// <param name="OldIds">What each parent has there; zeros when it has nothing.</param>
internal sealed record ChangedPath(string Commit, string Path, string NewId, IReadOnlyList<string> OldIds)
{
    /// <summary>Whether the path goes away.</summary>
    public bool IsRemoved => IsZero(NewId);

    /// <summary>Whether an id stands for "nothing".</summary>
    public static bool IsZero(string id) => id.All(c => c == '0');

    /// <summary>Reads <c>git diff-tree --stdin -r -c --root -z --raw</c>: a commit's id, then for each path <c>:modes ids status</c> and the path, all ended by NUL; one colon for each parent.</summary>
    public static IEnumerable<ChangedPath> Parse(string output)
    {
        var commit = "";
        string? meta = null;
        foreach (var token in output.Split('\0'))
        {
            if (meta is not null)
            {
                yield return Read(commit, meta, token);
                meta = null;
            }
            else if (token.StartsWith(':'))
            {
                meta = token;
            }
            else if (token.Length > 0)
            {
                commit = token;
            }
        }
    }

    private static ChangedPath Read(string commit, string meta, string path)
    {
        var parents = meta.Length - meta.TrimStart(':').Length;
        // parents + 1 modes, then parents + 1 ids, then the status letters.
        var fields = meta[parents..].Split(' ');
        return new ChangedPath(commit, path, fields[(2 * parents) + 1], fields[(parents + 1)..((2 * parents) + 1)]);
    }
}

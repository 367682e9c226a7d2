using Bottle.GitGate.Processes;

namespace Bottle.GitGate.Repositories;

/// <summary>Takes over a repository that the running gate did not make.</summary>
internal static class KeptRepository
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    // git-fsck(1): 1 stands for any fault of an object, 2 for objects that are missing, others for packs and refs.
    private const int FaultyObjects = 1;

    /// <summary>Whether everything is whole: every object's content against its name, and none missing. One that takes longer than ten minutes is not worth keeping either.</summary>
    public static async Task<bool> IsSoundAsync(Repository repository)
    {
        var result = await repository.GitAsync(Limit, "fsck", "--full", "--no-dangling", "--no-reflogs", "--no-progress");
        return result.Succeeded || (result.ExitCode == FaultyObjects && result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).All(IsOfUpstreamsOwn));
    }

    /// <summary>
    /// Drops what no ref reaches, and makes one pack of many: what upstream dropped, or what an agent pushed beside its commits and upstream never got, does not go from one run to the next. False when git cannot.
    /// </summary>
    public static async Task<bool> TidyAsync(Repository repository)
    {
        var packed = await repository.GitAsync(Limit, "repack", "-a", "-d", "-q", "--no-write-bitmap-index");
        return packed.Succeeded && (await repository.GitAsync(Limit, "prune", "--expire=now")).Succeeded;
    }

    // Old repositories hold objects that git would not write today; they are whole, and upstream's own: "error in commit 12ab: missingSpaceBeforeDate: …".
    private static bool IsOfUpstreamsOwn(string line) =>
        line.StartsWith("error in ", StringComparison.Ordinal) || line.StartsWith("warning in ", StringComparison.Ordinal) || line.StartsWith("notice: ", StringComparison.Ordinal);
}

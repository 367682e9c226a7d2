using Bottle.GitGate.Processes;

namespace Bottle.GitGate.Repositories;

/// <summary>Checks a repository that the running gate did not make: every object's content against its name, and that none is missing.</summary>
internal static class RepositoryCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    // git-fsck(1): 1 stands for any fault of an object, 2 for objects that are missing, others for packs and refs.
    private const int FaultyObjects = 1;

    /// <summary>Whether everything is whole. One that takes longer than ten minutes is not worth keeping either.</summary>
    public static async Task<bool> IsSoundAsync(Repository repository)
    {
        var result = await repository.GitAsync(Limit, "fsck", "--full", "--no-dangling", "--no-reflogs", "--no-progress");
        return result.Succeeded || (result.ExitCode == FaultyObjects && result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).All(IsOfUpstreamsOwn));
    }

    // Old repositories hold objects that git would not write today; they are whole, and upstream's own: "error in commit 12ab: missingSpaceBeforeDate: …".
    private static bool IsOfUpstreamsOwn(string line) =>
        line.StartsWith("error in ", StringComparison.Ordinal) || line.StartsWith("warning in ", StringComparison.Ordinal) || line.StartsWith("notice: ", StringComparison.Ordinal);
}

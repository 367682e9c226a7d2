using Bottle.Contracts.Git;
using Bottle.GitGate.Processes;
using Bottle.GitGate.Repositories;
using Bottle.GitGate.Scanning;

namespace Bottle.GitGate.Pushing;

/// <summary>What a push would add to upstream: every object that upstream's branches and tags, as just read, do not reach.</summary>
/// <param name="Objects">All of them, in git's order: newest commits first.</param>
/// <param name="Changes">Where the new commits put them.</param>
/// <param name="NamedPaths">The path that git names for an object that no change explains.</param>
internal sealed record NewObjects(IReadOnlyList<GitObject> Objects, IReadOnlyList<ChangedPath> Changes, IReadOnlyDictionary<string, string> NamedPaths)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Lists them.</summary>
    /// <exception cref="InvalidOperationException">Git could not read the push.</exception>
    public static async Task<NewObjects> ListAsync(Repository repository, Quarantine quarantine, IEnumerable<RefUpdate> updates)
    {
        var tips = updates.Where(update => !update.Deletes).Select(update => update.New).Distinct(StringComparer.Ordinal).ToArray();
        if (tips.Length == 0)
        {
            return new NewObjects([], [], new Dictionary<string, string>());
        }
        var environment = repository.EnvironmentWith(quarantine.Variables);
        // Each half waits for two programs, one after the other; the halves do not need each other.
        var changes = ListChangesAsync(repository, environment, tips);
        var listed = await GitAsync(repository, environment, null, ["rev-list", "--objects", .. tips, "--not", "--all"]);
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        var ids = new List<string>();
        foreach (var line in listed.Lines)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            ids.Add(space < 0 ? line : line[..space]);
            if (space > 0 && space + 1 < line.Length)
            {
                paths.TryAdd(ids[^1], line[(space + 1)..]);
            }
        }
        using var reader = new ObjectReader(repository, environment);
        return new NewObjects(await Task.Run(() => reader.Describe(ids)), await changes, paths);
    }

    // Every commit that upstream's refs do not reach, and what it changes.
    private static async Task<IReadOnlyList<ChangedPath>> ListChangesAsync(Repository repository, IReadOnlyDictionary<string, string> environment, string[] tips)
    {
        var commits = await GitAsync(repository, environment, null, ["rev-list", .. tips, "--not", "--all"]);
        return commits.Output.Length == 0 ? [] : [.. ChangedPath.Parse((await GitAsync(repository, environment, commits.Output, ["diff-tree", "--stdin", "-r", "-c", "--root", "-z", "--raw", "--no-renames", "--no-abbrev"])).Text)];
    }

    private static async Task<ToolResult> GitAsync(Repository repository, IReadOnlyDictionary<string, string> environment, byte[]? input, string[] arguments)
    {
        var result = await Tool.RunAsync("/usr/bin/git", arguments, repository.Folder, environment, input, Limit);
        return result.Succeeded ? result : throw new InvalidOperationException($"git {arguments[0]} ended with {result.ExitCode}: {Inert.Text(result.Error.Trim())}");
    }
}

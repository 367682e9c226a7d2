using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Bottle.Core.Planning;
using Bottle.Host.Processes;

namespace Bottle.Host.State;

/// <summary>
/// Copies of repositories that outlive runs (<c>cache: true</c>): <c>cache/git/&lt;host&gt;-&lt;name&gt;-&lt;hash of the upstream&gt;</c>, 0700. A run takes a copy out by renaming it into its state and gives it back when it has ended:
/// whoever renames first has it, a second run at the same time begins with its own empty one, and no container ever mounts the cache itself. The gate trusts nothing in it: it checks every object, and reads upstream before it serves.
/// </summary>
public sealed partial class GitCache(BottleHome home, ICommandRunner runner, TimeProvider time)
{
    /// <summary>How long a copy that no run uses is kept.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromDays(30);

    /// <summary>How many bytes of copies are kept; the one used last stays however large.</summary>
    public const long Size = 5L * 1024 * 1024 * 1024;

    private const string Leaving = ".removed-";

    private string Root => Path.Combine(home.Root, "cache", "git");

    /// <summary>
    /// Moves the copies of these remotes into a run's state, and notes there what is given back. Returns the names of those for which there was one. A copy that belongs to another user than the gate's is left alone.
    /// </summary>
    /// <param name="state">The run, owned.</param>
    /// <param name="remotes">The gate's remotes; those without <c>cache</c> are passed over.</param>
    /// <param name="owner">Who the gate runs as; null: the operator's own user.</param>
    public IReadOnlyList<string> Take(StateDirectory state, IEnumerable<GitRemotePlan> remotes, RunAs? owner)
    {
        var kept = remotes.Where(remote => remote.Cache).ToList();
        if (kept.Count == 0)
            return [];
        state.Writer(null).Write(StateLayout.GitGateKept, string.Concat(kept.Select(remote => $"{remote.Name} {FolderOf(remote)}\n")));
        var taken = new List<string>();
        foreach (var remote in kept)
        {
            var copy = Path.Combine(Root, FolderOf(remote));
            if (NativeFile.Look(copy) is { IsDirectory: true } facts && facts.UserId == (owner?.Uid ?? NativeFile.UserId) && TryMove(copy, state[$"{StateLayout.GitGateRepositories}/{remote.Name}.git"]))
                taken.Add(remote.Name);
        }
        return taken;
    }

    /// <summary>Gives the copies of a run back, when none of its containers is left, and removes what is too old or too much. What cannot be given back goes with the state.</summary>
    public async Task GiveBackAsync(StateDirectory state, CancellationToken cancellationToken = default)
    {
        if (NativeFile.Look(state[StateLayout.GitGateKept]) is null)
            return;
        SafeFolder.Create(Root);
        foreach (var entry in File.ReadLines(state[StateLayout.GitGateKept]).Select(line => Line().Match(line)).Where(match => match.Success))
        {
            var copy = state[$"{StateLayout.GitGateRepositories}/{entry.Groups["name"].Value}.git"];
            var place = Path.Combine(Root, entry.Groups["folder"].Value);
            if (NativeFile.Look(copy) is not { IsDirectory: true })
                continue;
            // The newer copy has more of upstream.
            _ = TryMove(place, Path.Combine(Root, $"{Leaving}{Guid.NewGuid():N}"));
            if (TryMove(copy, place))
                Directory.SetLastWriteTimeUtc(place, time.GetUtcNow().UtcDateTime);
        }
        await PruneAsync(Size, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes the copies used longest ago until none is older than 30 days and all together are no larger than <paramref name="size"/>; the newest one stays.</summary>
    internal async Task PruneAsync(long size, CancellationToken cancellationToken = default)
    {
        var total = 0L;
        var folders = new DirectoryInfo(Root).EnumerateDirectories().Where(d => d.LinkTarget is null).OrderByDescending(d => d.LastWriteTimeUtc).ToList();
        var kept = 0;
        foreach (var folder in folders)
        {
            var isLeaving = folder.Name.StartsWith(Leaving, StringComparison.Ordinal);
            if (!isLeaving)
                total += BytesOf(folder);
            if (isLeaving || (kept > 0 && (total > size || time.GetUtcNow() - folder.LastWriteTimeUtc > Age)))
                await FileTree.DeleteAsync(folder.FullName, runner, cancellationToken).ConfigureAwait(false);
            else
                kept++;
        }
    }

    /// <summary>The name of a remote's copy: the same for every bottle with the same upstream.</summary>
    internal static string FolderOf(GitRemotePlan remote)
    {
        var last = remote.Upstream.Path.Split('/')[^1];
        var readable = string.Concat($"{remote.Upstream.Host}-{last}".Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')).Trim('.');
        return $"{readable[..Math.Min(readable.Length, 80)]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(remote.Upstream.Url)))[..16]}";
    }

    private static long BytesOf(DirectoryInfo folder) =>
        folder.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true }).Sum(file => file.Length);

    // Another run was faster, or the place is on another disk: then there is simply no copy.
    private static bool TryMove(string from, string to)
    {
        try
        {
            Directory.Move(from, to);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A(?<name>[a-z0-9][a-z0-9-]{0,39}) (?<folder>[A-Za-z0-9-][A-Za-z0-9.-]{0,120})\z")]
    private static partial Regex Line();
}

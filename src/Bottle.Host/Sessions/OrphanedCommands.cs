using System.Globalization;
using System.Text;
using Bottle.Core.Planning;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Host.Sessions;

/// <summary>
/// Compose commands of runs whose Bottle was killed: they go on by themselves, and would make containers after everything was removed. They are told by the run's folder in their
/// command line (<c>--project-directory</c>) and by their user; only the owner of the run's lock may end them. Without <c>/proc</c> none is found.
/// </summary>
/// <param name="home">Runs of other homes are not looked at.</param>
public sealed class OrphanedCommands(BottleHome home)
{
    private const string Processes = "/proc";
    private const string FolderOption = "--project-directory";
    private static readonly TimeSpan MayTake = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    /// <summary>The runs for which one works now.</summary>
    public IReadOnlyList<string> Identities() =>
        [.. All().Select(command => command.Folder).Where(folder => Path.GetDirectoryName(folder) == home.StateRoot).Select(folder => Path.GetFileName(folder)!).Where(Identity.IsValid).Distinct(StringComparer.Ordinal)];

    /// <summary>Ends those of a run, and waits until they are gone; one that does not end within 15 seconds is left.</summary>
    public async Task EndAsync(string identity, CancellationToken cancellationToken = default)
    {
        var folder = home.State(identity);
        var end = TimeProvider.System.GetUtcNow() + MayTake;
        for (var isAsked = false; TimeProvider.System.GetUtcNow() < end; isAsked = true)
        {
            var left = All().Where(command => command.Folder == folder).Select(command => command.Process).ToList();
            if (left.Count == 0) return;
            if (!isAsked) left.ForEach(process => ProcessSignal.Terminate(process));
            await Task.Delay(Between, cancellationToken).ConfigureAwait(false);
        }
    }

    private static IEnumerable<(int Process, string Folder)> All()
    {
        if (!Directory.Exists(Processes))
            yield break;
        foreach (var entry in Directory.EnumerateDirectories(Processes))
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var process) && FolderOf(entry) is { } folder)
                yield return (process, folder);
    }

    private static string? FolderOf(string entry)
    {
        try
        {
            if (NativeFile.Look(entry) is not { } facts || facts.UserId != NativeFile.UserId)
                return null;
            var words = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(entry, "cmdline"))).Split('\0');
            var option = Array.IndexOf(words, FolderOption);
            return option > 0 && option + 1 < words.Length && words.Contains("compose") ? words[option + 1] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended since, or is none of ours.
            return null;
        }
    }
}

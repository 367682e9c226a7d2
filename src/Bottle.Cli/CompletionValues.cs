using Bottle.Build;
using Bottle.Build.Doors;
using Bottle.Build.Graphs;
using Bottle.Contracts.Supervision;
using Bottle.Core.Explaining;
using Bottle.Host.Manifests;
using Bottle.Host.Processes;
using Bottle.Host.State;
using Bottle.Host.Supervision;

namespace Bottle.Cli;

/// <summary>What the arguments' values could be: agents, bottles, runs, what agents ask, folders. Nothing here asks an engine, and what cannot be read offers nothing.</summary>
internal sealed class CompletionValues(BottleHome home, Door door)
{
    private static readonly string[] Texts = ["text", "json"];

    // What these show is there when the run is over, too.
    private static readonly string[] OfRuns = ["Bring", "Changes", "Info", "Logs", "Receipt", "Traffic", "VerifyAudit", "VerifyReceipt"];

    private readonly StateStore store = new(home, new CommandRunner());

    /// <summary>The values of an argument of a target; <paramref name="begun"/> is what is typed of it, which only paths look at.</summary>
    public IEnumerable<string> Of(string argument, string begun, TargetInfo target, IReadOnlyList<string> words)
    {
        try
        {
            return [.. All(argument, begun, target, words)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private IEnumerable<string> All(string argument, string begun, TargetInfo target, IReadOnlyList<string> words) => argument switch
    {
        "agent" => Manifests(words).ListAgents().Select(agent => agent.Name),
        "manifest" => Manifests(words).ListBottles().Select(bottle => bottle.Name),
        "bottle" => OfRuns.Contains(target.Name) ? store.ListIdentities().Concat(Folders(home.RunsRoot)) : store.ListIdentities(),
        "proposal" => Runs(words).SelectMany(Proposals),
        "format" => target.Name == "Graph" ? GraphText.Formats : Texts,
        "force" => TargetCatalogue.LaunchStages,
        "minutes" => ["+60"],
        "requests" => ["+1000"],
        "bytes" => ["+1GB"],
        "tokens" => ["+1000000"],
        "lease" => ["30m", "3x", "run"],
        "about" => TargetCatalogue.All.Select(other => other.Name),
        "code" => CodePages.All.Select(page => page.Code),
        "out" or "manifests" => Paths(begun, withFiles: false),
        "upstream-ca" => Paths(begun, withFiles: true),
        _ => [],
    };

    private ManifestStore Manifests(IReadOnlyList<string> words)
    {
        var named = Given("manifests", words).Select(folder => Path.GetFullPath(folder, door.UserDirectory));
        return new([.. named, home.Bottles, Path.Combine(door.UserDirectory, "bottles"), .. door.ShippedBottles is { } shipped ? [shipped] : (string[])[]], door.UserDirectory);
    }

    // The run that the line names, else all.
    private IReadOnlyList<string> Runs(IReadOnlyList<string> words)
    {
        var all = store.ListIdentities();
        return words.Concat(Given("bottle", words)).Where(all.Contains).Take(1).ToList() is { Count: > 0 } named ? named : all;
    }

    private IEnumerable<string> Proposals(string identity) =>
        store.Open(identity) is { } state ? new ProposalFolder(state, null).Read().Proposals.Select(proposal => proposal.Id).Where(SupervisionFiles.IsId) : [];

    private static IEnumerable<string> Given(string argument, IReadOnlyList<string> words) =>
        words.Where(word => word.StartsWith($"--{argument}=", StringComparison.Ordinal)).Select(word => word[(argument.Length + 3)..])
            .Concat(words.Zip(words.Skip(1)).Where(pair => pair.First == $"--{argument}").Select(pair => pair.Second)).Where(value => value.Length > 0);

    private static IEnumerable<string> Folders(string root) => Directory.Exists(root) ? Directory.EnumerateDirectories(root).Select(folder => Path.GetFileName(folder)!) : [];

    // What is typed stays as it is typed, relative or not; a folder ends in a slash, so that one can go on into it.
    private IEnumerable<string> Paths(string begun, bool withFiles)
    {
        var typed = begun[..(begun.LastIndexOf('/') + 1)];
        var folder = Path.GetFullPath(typed, door.UserDirectory);
        if (!Directory.Exists(folder))
            return [];
        return Directory.EnumerateFileSystemEntries(folder).Select(entry => (Name: Path.GetFileName(entry)!, IsFolder: Directory.Exists(entry)))
            .Where(entry => (entry.IsFolder || withFiles) && (entry.Name[0] != '.' || begun.Length > typed.Length))
            .Select(entry => $"{typed}{entry.Name}{(entry.IsFolder ? "/" : "")}");
    }
}

using Bottle.Contracts.Git;
using Bottle.GitGate.Repositories;
using Bottle.GitGate.Scanning;

namespace Bottle.GitGate.Pushing;

/// <summary>Judges what a push carries by size and by path; its text is the scan's business.</summary>
internal sealed class ContentJudge(Repository repository, Quarantine quarantine, NewObjects pushed)
{
    // What a push may become when it is unpacked, as a multiple of max_size: text packs well, a bomb packs better.
    private const int UnpackedFactor = 40;
    private const int ShownPaths = 20;
    private const int PackageFileLimit = 1024 * 1024;

    /// <summary>Every reason against it.</summary>
    public IEnumerable<GateRefusal> Judge()
    {
        var policy = repository.Settings.Push;
        var large = pushed.Objects.Where(found => found.Size > policy.MaxSize).Select(found => Inert.Text(PathOf(found.Id))).ToArray();
        if (large.Length > 0)
        {
            yield return GateRefusals.TooLarge(policy.MaxSize, Shown(large));
        }
        else if (pushed.Objects.Sum(found => found.Size) > policy.MaxSize * UnpackedFactor)
        {
            yield return GateRefusals.TooLarge(policy.MaxSize, [$"unpacked, this push is more than {UnpackedFactor} times that"]);
        }
        if (!policy.AllowCi && Elsewhere() is { Length: > 0 } paths)
        {
            yield return GateRefusals.Elsewhere(Shown(paths));
        }
    }

    private static string[] Shown(string[] paths) => paths.Length <= ShownPaths ? paths : [.. paths[..ShownPaths], $"and {paths.Length - ShownPaths} more"];

    private string PathOf(string id) => pushed.Changes.FirstOrDefault(change => change.NewId == id)?.Path ?? pushed.NamedPaths.GetValueOrDefault(id) ?? id;

    private string[] Elsewhere()
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var change in pushed.Changes)
        {
            if (RunsElsewhere.Is(change.Path) || (RunsElsewhere.IsPackage(change.Path) && ChangesHooks(change)))
            {
                found.Add(Inert.Text(change.Path));
            }
        }
        return [.. found];
    }

    private bool ChangesHooks(ChangedPath change)
    {
        using var reader = new ObjectReader(repository, repository.EnvironmentWith(quarantine.Variables));
        var after = Content(reader, change.NewId);
        return change.OldIds.All(old => PackageScripts.Differ(Content(reader, old), after));
    }

    // A file too large to be read counts as one that cannot be read: different.
    private static byte[]? Content(ObjectReader reader, string id) => ChangedPath.IsZero(id) ? null : reader.ReadSmall(id, PackageFileLimit) ?? "too large"u8.ToArray();
}

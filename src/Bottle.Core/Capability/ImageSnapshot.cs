namespace Bottle.Core.Capability;

/// <summary>What is read of an image's files, by Bottle and not by the image's own programs, which steps can replace.</summary>
public sealed record ImageSnapshot
{
    /// <summary>Installed packages by name, with their version: of dpkg or apk.</summary>
    public IReadOnlyDictionary<string, string> Packages { get; init; } = new Dictionary<string, string>();

    /// <summary>The lines of <c>/etc/passwd</c> and <c>/etc/group</c>.</summary>
    public IReadOnlySet<string> Users { get; init; } = new HashSet<string>();

    /// <summary>Paths of files with the set-user-id or set-group-id bit, each with its owner and mode.</summary>
    public IReadOnlySet<string> Setuid { get; init; } = new HashSet<string>();

    /// <summary>Bytes of all regular files.</summary>
    public long Bytes { get; init; }
}

/// <summary>What steps did to an image: lines that begin with <c>+</c>, <c>-</c> or <c>~</c>.</summary>
public sealed record ImageChanges
{
    /// <summary>Packages that came, went or have another version.</summary>
    public required IReadOnlyList<string> Packages { get; init; }

    /// <summary>Lines of <c>/etc/passwd</c> and <c>/etc/group</c> that came or went.</summary>
    public required IReadOnlyList<string> Users { get; init; }

    /// <summary>Files that run as somebody else, that came or went.</summary>
    public required IReadOnlyList<string> Setuid { get; init; }

    /// <summary>Files and folders that were added, changed or removed, as the engine counts them.</summary>
    public required int Files { get; init; }

    /// <summary>How much larger the image's files are; negative when they are smaller.</summary>
    public required long Bytes { get; init; }

    /// <summary>The difference of two images.</summary>
    public static ImageChanges Between(ImageSnapshot before, ImageSnapshot after, int files) => new()
    {
        Packages = [.. before.Packages.Keys.Union(after.Packages.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => Package(name, before.Packages.GetValueOrDefault(name), after.Packages.GetValueOrDefault(name))).OfType<string>()],
        Users = Lines(before.Users, after.Users),
        Setuid = Lines(before.Setuid, after.Setuid),
        Files = files,
        Bytes = after.Bytes - before.Bytes,
    };

    private static string? Package(string name, string? before, string? after) => (before, after) switch
    {
        (null, not null) => $"+ {name} {after}",
        (not null, null) => $"- {name} {before}",
        _ when before != after => $"~ {name} {before} to {after}",
        _ => null,
    };

    private static List<string> Lines(IReadOnlySet<string> before, IReadOnlySet<string> after) =>
        [.. before.Except(after).Order(StringComparer.Ordinal).Select(line => $"- {line}"), .. after.Except(before).Order(StringComparer.Ordinal).Select(line => $"+ {line}")];
}

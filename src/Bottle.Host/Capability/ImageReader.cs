using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Bottle.Core.Capability;

namespace Bottle.Host.Capability;

/// <summary>Reads a container's files as the engine exports them (tar), without running anything of theirs and without writing them anywhere.</summary>
internal static class ImageReader
{
    private const int MostText = 64 * 1024 * 1024;
    private const UnixFileMode RunsAsOther = UnixFileMode.SetUser | UnixFileMode.SetGroup;

    /// <summary>What is looked at.</summary>
    public static async Task<ImageSnapshot> ReadAsync(string archive, CancellationToken cancellationToken)
    {
        var packages = new Dictionary<string, string>(StringComparer.Ordinal);
        var (users, setuid) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var bytes = 0L;
        await using var stream = new FileStream(archive, new FileStreamOptions { Options = FileOptions.SequentialScan | FileOptions.Asynchronous });
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                continue;
            bytes += entry.Length;
            if ((entry.Mode & RunsAsOther) != 0)
                setuid.Add(string.Create(CultureInfo.InvariantCulture, $"/{entry.Name} {entry.Uid}:{entry.Gid} {Convert.ToString((int)entry.Mode, 8)}"));
            if (entry.Name is "etc/passwd" or "etc/group")
                users.UnionWith((await TextAsync(entry, cancellationToken).ConfigureAwait(false)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
            else if (entry.Name is "var/lib/dpkg/status")
                Add(packages, PackageDatabase.Dpkg(await TextAsync(entry, cancellationToken).ConfigureAwait(false)));
            else if (entry.Name is "lib/apk/db/installed")
                Add(packages, PackageDatabase.Apk(await TextAsync(entry, cancellationToken).ConfigureAwait(false)));
        }

        return new ImageSnapshot { Packages = packages, Users = users, Setuid = setuid, Bytes = bytes };
    }

    private static void Add(Dictionary<string, string> packages, IReadOnlyDictionary<string, string> more)
    {
        foreach (var (name, version) in more)
            packages[name] = version;
    }

    private static async Task<string> TextAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        if (entry.DataStream is not { } data || entry.Length > MostText)
            return "";
        using var reader = new StreamReader(data, Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
    }
}

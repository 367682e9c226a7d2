using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;

namespace Bottle.Host.Manifests;

/// <summary>
/// Everything that trust in an agent covers, read once: its manifest, the bottle's, the provider's, its skills, its image folder, scripts beside the manifests that a <c>token_ref</c> command runs, and known_hosts files there.
/// Names are relative to their roots, so that the hash does not depend on where the manifests lie. Secrets are not read.
/// </summary>
public sealed class TrustContent
{
    private TrustContent(IReadOnlyList<TreeEntry> entries) => (Entries, Hash) = (entries, HashOf(entries));

    /// <summary>The files, ordered by name.</summary>
    public IReadOnlyList<TreeEntry> Entries { get; }

    /// <summary>SHA-256 over names, kinds and contents, each with its length before it: 64 hex digits.</summary>
    public string Hash { get; }

    /// <summary>Reads what the manifests name; <paramref name="workingDirectory"/> is where relative commands start.</summary>
    /// <exception cref="BottleException">BTL1003 or BTL1010: something cannot be read, or is too much.</exception>
    public static TrustContent Read(LoadedManifests loaded, string workingDirectory)
    {
        var entries = loaded.Files.Select(file => new TreeEntry(file.Relative, false, false, Encoding.UTF8.GetBytes(file.Text))).ToList();
        foreach (var skill in loaded.Skills)
            Add(loaded, entries, skill.FullPath, $"skill {skill.Name}/");
        if (loaded.ImageDirectory is { } images)
            Add(loaded, entries, images, $"images/{loaded.ImageName}/");
        AddCommands(loaded, entries, workingDirectory);
        AddKnownHosts(loaded, entries);
        return new TrustContent([.. entries.OrderBy(entry => entry.Path, StringComparer.Ordinal)]);
    }

    /// <summary>The entries whose names begin with a prefix, under another one.</summary>
    public IEnumerable<TreeEntry> Below(string prefix, string renamed) =>
        Entries.Where(entry => entry.Path.StartsWith(prefix, StringComparison.Ordinal)).Select(entry => entry with { Path = renamed + entry.Path[prefix.Length..] });

    /// <summary>The file's text, or null when it is none, or long.</summary>
    internal static string? TextOf(TreeEntry entry)
    {
        if (entry.Content.Length > ManifestReader.MaxBytes)
            return null;
        var text = Encoding.UTF8.GetString(entry.Content.Span);
        return text.Contains('\ufffd', StringComparison.Ordinal) || text.Contains('\0', StringComparison.Ordinal) ? null : text;
    }

    private static void Add(LoadedManifests loaded, List<TreeEntry> entries, string directory, string prefix)
    {
        var where = loaded.Agent.Where;
        try
        {
            var bytes = TreeReader.MaxBytes - entries.Sum(entry => (long)entry.Content.Length);
            entries.AddRange(TreeReader.Read(directory, prefix, TreeReader.MaxFiles - entries.Count, bytes) ?? throw TooMuch(loaded));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BottleException(ManifestErrors.Unreadable(where with { File = directory }, problem.Message), problem);
        }
    }

    // A stranger's 'command: [./token.sh]' runs on the host: what it names beside the manifests, or from where the user stands, is covered too. What such a script reads in turn is not.
    private static void AddCommands(LoadedManifests loaded, List<TreeEntry> entries, string workingDirectory)
    {
        var folders = loaded.Files.Select(file => Path.GetDirectoryName(file.FullPath)!).Append(workingDirectory).Distinct(StringComparer.Ordinal).ToList();
        var arguments = loaded.Bottle.Routes.Select(route => route.Auth?.Token.Value).OfType<SecretRef.Command>().SelectMany(command => command.Arguments).Distinct(StringComparer.Ordinal);
        foreach (var argument in arguments)
            foreach (var (index, folder) in folders.Index())
                if (Path.GetFullPath(argument, folder) is var path && File.Exists(path) && (!Path.IsPathRooted(argument) || folders.Exists(f => TrustStore.IsBelow(path, f))))
                    AddCommand(loaded, entries, folders.Exists(f => Links.StaysWithin(path, f)) ? Links.RealPath(path) : path, $"command {argument} ({index})");
    }

    // Whoever changes host keys decides whom the gate takes for upstream. A file elsewhere, such as ~/.ssh/known_hosts, is the operator's own.
    private static void AddKnownHosts(LoadedManifests loaded, List<TreeEntry> entries)
    {
        foreach (var file in loaded.Bottle.Git.Select(remote => remote.KnownHosts?.File).OfType<string>().Distinct(StringComparer.Ordinal))
            foreach (var folder in loaded.Files.Where(f => f.Display == loaded.Bottle.File).Select(f => Path.GetDirectoryName(f.FullPath)!).Take(1))
                if (Path.GetFullPath(file, folder) is var path && File.Exists(path) && TrustStore.IsBelow(path, folder))
                    AddCommand(loaded, entries, path, $"known_hosts {file}");
    }

    private static void AddCommand(LoadedManifests loaded, List<TreeEntry> entries, string path, string name)
    {
        try
        {
            // A link that leaves is covered as a link: what lies behind it is not a manifest's to change, and not ours to show.
            var entry = TreeReader.ReadEntry(path, name, ManifestReader.MaxBytes);
            entries.Add(entry.Content.Length > ManifestReader.MaxBytes ? throw TooMuch(loaded) : entry);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BottleException(ManifestErrors.Unreadable(new SourceSpan(path, 1, 1), problem.Message), problem);
        }
    }

    private static BottleException TooMuch(LoadedManifests loaded) =>
        new(ManifestErrors.TooMuchToTrust(loaded.Agent.Where, $"agent '{loaded.Agent.Name}'", $"{TreeReader.MaxFiles} files or {TreeReader.MaxBytes / 1024 / 1024} MiB"));

    private static string HashOf(IReadOnlyList<TreeEntry> entries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, "bottle-trust-1"u8);
        foreach (var entry in entries)
        {
            Append(hash, Encoding.UTF8.GetBytes(entry.Path));
            Append(hash, entry.IsLink ? "link"u8 : entry.IsExecutable ? "executable"u8 : "file"u8);
            Append(hash, entry.Content.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}

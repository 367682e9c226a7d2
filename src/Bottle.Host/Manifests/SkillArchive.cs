using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Host.Manifests;

/// <summary>The agent's skills as one tar archive (POSIX ustar names under <c>.claude/skills/</c>), made from bounded reads that follow no link out of a skill.</summary>
public static class SkillArchive
{
    /// <summary>The archive, for <c>tar --extract</c> in the agent's home, from the disk.</summary>
    public static ReadOnlyMemory<byte> Create(IReadOnlyList<SkillDirectory> skills) => Pack(skills.SelectMany(Read));

    /// <summary>The same from the very bytes that trust covered.</summary>
    public static ReadOnlyMemory<byte> Create(TrustContent content, IReadOnlyList<SkillDirectory> skills) =>
        Pack(skills.SelectMany(skill => content.Below($"skill {skill.Name}/", Folder(skill))));

    /// <summary>SHA-256 (hex) over names, modes and contents of all the skills' files.</summary>
    public static string Digest(IReadOnlyList<SkillDirectory> skills)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in skills.SelectMany(Read))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{entry.Path}\0{entry.IsLink}\0{entry.IsExecutable}\0{entry.Content.Length}\0"));
            hash.AppendData(entry.Content.Span);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static ReadOnlyMemory<byte> Pack(IEnumerable<TreeEntry> entries)
    {
        using var buffer = new MemoryStream();
        using (var tar = new TarWriter(buffer, TarEntryFormat.Pax, leaveOpen: true))
            foreach (var entry in entries)
                tar.WriteEntry(Entry(entry));
        return buffer.ToArray();
    }

    private static string Folder(SkillDirectory skill) => $".claude/skills/{Path.GetFileName(skill.FullPath)}/";

    private static List<TreeEntry> Read(SkillDirectory skill) =>
        TreeReader.Read(skill.FullPath, Folder(skill), TreeReader.MaxFiles, TreeReader.MaxBytes)
        ?? throw new BottleException(LaunchErrors.ProvisionFailed($"skill '{skill.Name}'", [$"it holds more than {TreeReader.MaxFiles} files or {TreeReader.MaxBytes / 1024 / 1024} MiB"]));

    private static PaxTarEntry Entry(TreeEntry entry) => entry.IsLink
        ? new PaxTarEntry(TarEntryType.SymbolicLink, entry.Path) { LinkName = Encoding.UTF8.GetString(entry.Content.Span) }
        : new PaxTarEntry(TarEntryType.RegularFile, entry.Path)
        {
            Mode = entry.IsExecutable ? (UnixFileMode)Convert.ToInt32("755", 8) : (UnixFileMode)Convert.ToInt32("644", 8),
            DataStream = new MemoryStream(entry.Content.ToArray()),
        };
}

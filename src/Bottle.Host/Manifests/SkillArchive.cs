using System.Formats.Tar;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Host.Manifests;

/// <summary>The agent's skills as one tar archive (POSIX ustar names under <c>.claude/skills/</c>), made from bounded reads that follow no link out of a skill.</summary>
public static class SkillArchive
{
    /// <summary>The archive, for <c>tar --extract</c> in the agent's home.</summary>
    public static ReadOnlyMemory<byte> Create(IReadOnlyList<SkillDirectory> skills)
    {
        using var buffer = new MemoryStream();
        using (var tar = new TarWriter(buffer, TarEntryFormat.Pax, leaveOpen: true))
            foreach (var skill in skills)
                foreach (var entry in Read(skill))
                    tar.WriteEntry(Entry(entry));
        return buffer.ToArray();
    }

    private static List<TreeEntry> Read(SkillDirectory skill) =>
        TreeReader.Read(skill.FullPath, $".claude/skills/{Path.GetFileName(skill.FullPath)}/", TreeReader.MaxFiles, TreeReader.MaxBytes)
        ?? throw new BottleException(LaunchErrors.ProvisionFailed($"skill '{skill.Name}'", [$"it holds more than {TreeReader.MaxFiles} files or {TreeReader.MaxBytes / 1024 / 1024} MiB"]));

    private static PaxTarEntry Entry(TreeEntry entry) => entry.IsLink
        ? new PaxTarEntry(TarEntryType.SymbolicLink, entry.Path) { LinkName = System.Text.Encoding.UTF8.GetString(entry.Content.Span) }
        : new PaxTarEntry(TarEntryType.RegularFile, entry.Path)
        {
            Mode = entry.IsExecutable ? (UnixFileMode)Convert.ToInt32("755", 8) : (UnixFileMode)Convert.ToInt32("644", 8),
            DataStream = new MemoryStream(entry.Content.ToArray()),
        };
}

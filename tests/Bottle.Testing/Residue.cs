using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.State;

namespace Bottle.Testing;

/// <summary>What runs of one home have left on this machine: on the engine, on disk, in memory, and in the kernel's tables of processes and mounts.</summary>
public static class Residue
{
    private const string Processes = "/proc";

    /// <summary>One line for each thing that is still there; nothing is the goal.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(BottleHome home, DockerEngine engine)
    {
        var containers = await engine.ContainersAsync(home.Hash).ConfigureAwait(false);
        var networks = await engine.NetworksAsync(home.Hash).ConfigureAwait(false);
        var images = await engine.ImagesAsync([$"{BottleNames.HomeLabel}={home.Hash}", BottleNames.IdentityLabel]).ConfigureAwait(false);
        return
        [
            .. containers.Select(container => $"container {container.Name}"),
            .. networks.Select(network => $"network {network.Name}"),
            .. images.Select(image => $"image {image.Id}"),
            .. Entries(home.StateRoot).Select(path => $"state {path}"),
            .. TokenDirectory.ListIdentities(home).Select(identity => $"tokens of {identity}"),
        ];
    }

    /// <summary>Processes of this user's that work for the home, or in whose tables something of its runs is mounted; the caller is left out. Containers that the engine has lost count too.</summary>
    public static IReadOnlyList<string> FindInKernel(BottleHome home) =>
        [.. Directory.EnumerateDirectories(Processes).Where(process => int.TryParse(Path.GetFileName(process), out var id) && id != Environment.ProcessId).SelectMany(process => Of(process, home))];

    private static IEnumerable<string> Of(string process, BottleHome home)
    {
        if (Read(process, "environ").Contains($"CLAUDE_BOTTLE_HOME={home.Root}\0", StringComparison.Ordinal) || Read(process, "cmdline").Contains(home.StateRoot, StringComparison.Ordinal))
            yield return $"process {Path.GetFileName(process)}: {Read(process, "cmdline").Replace('\0', ' ').Trim()}";
        var tokens = Path.GetDirectoryName(new TokenDirectory(home, "any-00000").FullPath)!;
        if (Read(process, "mountinfo").Split('\n').FirstOrDefault(mount => mount.Contains(home.StateRoot, StringComparison.Ordinal) || mount.Contains(tokens, StringComparison.Ordinal)) is { } found)
            yield return $"mount of process {Path.GetFileName(process)}: {found}";
    }

    private static IEnumerable<string> Entries(string directory) => Directory.Exists(directory) ? Directory.EnumerateFileSystemEntries(directory) : [];

    private static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended since, or is somebody else's.
            return "";
        }
    }
}

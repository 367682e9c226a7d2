using System.Globalization;

namespace Bottle.Benchmarks.Machine;

/// <summary>What the engine's own processes hold at a moment: a run that leaves nothing must not make them grow.</summary>
/// <param name="Megabytes">Resident memory of dockerd and containerd, in MB (10^6 bytes).</param>
/// <param name="Descriptors">Their open files.</param>
/// <param name="Shims">Processes of containers: one each.</param>
internal sealed record EngineProcesses(double Megabytes, int Descriptors, int Shims)
{
    private static readonly string[] Engine = ["dockerd", "containerd"];

    /// <summary>Reads it from /proc; zeros where the engine runs on another machine.</summary>
    internal static EngineProcesses Read()
    {
        var all = Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)).Select(folder => (Folder: folder, Name: Name(folder))).ToList();
        var own = all.Where(process => Engine.Contains(process.Name)).Select(process => process.Folder).ToList();
        return new(
            own.Sum(folder => ProcessTree.OwnResidentMb(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))),
            own.Sum(Files),
            all.Count(process => process.Name.StartsWith("containerd-shim", StringComparison.Ordinal)));
    }

    private static string Name(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "comm")).Trim();
        }
        catch (IOException)
        {
            // It has ended since.
            return "";
        }
    }

    private static int Files(string folder)
    {
        try
        {
            return Directory.GetFileSystemEntries(Path.Combine(folder, "fd")).Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}

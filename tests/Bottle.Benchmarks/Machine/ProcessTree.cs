using System.Globalization;

namespace Bottle.Benchmarks.Machine;

/// <summary>Reads from /proc what a process and its descendants use.</summary>
internal static class ProcessTree
{
    private const double TicksPerSecond = 100;

    /// <summary>CPU seconds used so far, user and kernel, of the process and its living descendants.</summary>
    internal static double CpuSeconds(int root) => Members(root).Sum(id => CpuTicks(id)) / TicksPerSecond;

    /// <summary>Resident memory now, in MB (10^6 bytes); of descendants too.</summary>
    internal static double ResidentMb(int root) => Members(root).Sum(id => StatusMb(id, "VmRSS:"));

    /// <summary>Resident memory now of the process alone, in MB.</summary>
    internal static double OwnResidentMb(int id) => StatusMb(id, "VmRSS:");

    /// <summary>The highest resident memory so far, in MB; of several processes the sum of each one's.</summary>
    internal static double PeakMb(int root) => Members(root).Sum(id => StatusMb(id, "VmHWM:"));

    private static List<int> Members(int root)
    {
        var members = new List<int> { root };
        for (var at = 0; at < members.Count; at++)
            members.AddRange(Children(members[at]));
        return members;
    }

    private static IEnumerable<int> Children(int id)
    {
        var threads = Array.Empty<string>();
        try
        {
            threads = Directory.GetDirectories($"/proc/{id}/task");
        }
        catch (DirectoryNotFoundException)
        {
            yield break;
        }
        foreach (var thread in threads)
        {
            foreach (var child in ReadOrEmpty(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                yield return int.Parse(child, CultureInfo.InvariantCulture);
        }
    }

    private static long CpuTicks(int id)
    {
        var stat = ReadOrEmpty($"/proc/{id}/stat");
        if (stat.Length == 0)
            return 0;
        // The name in parentheses may hold anything; the numbered fields start after it, with the state as the third.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        const int userTime = 14 - 3, kernelTime = 15 - 3;
        return long.Parse(fields[userTime], CultureInfo.InvariantCulture) + long.Parse(fields[kernelTime], CultureInfo.InvariantCulture);
    }

    private static double StatusMb(int id, string key)
    {
        foreach (var line in ReadOrEmpty($"/proc/{id}/status").Split('\n'))
        {
            if (line.StartsWith(key, StringComparison.Ordinal))
                return long.Parse(line.AsSpan(key.Length).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) * 1024 / 1e6;
        }
        return 0;
    }

    private static string ReadOrEmpty(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // The process ended between listing and reading.
            return "";
        }
    }
}

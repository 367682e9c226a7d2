namespace Bottle.Host.Processes;

/// <summary>
/// Finds programs in PATH. The framework would also look in the working directory, which can be a stranger's repository with a file named <c>docker</c> in it.
/// </summary>
internal static class ExecutableFinder
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The full path of a program, or null; relative entries of PATH are passed over.</summary>
    public static string? Find(string fileName, string? path, string? workingDirectory = null)
    {
        if (fileName.Contains('/', StringComparison.Ordinal))
        {
            var full = Path.GetFullPath(fileName, Path.GetFullPath(workingDirectory ?? "."));
            return IsExecutable(full) ? full : null;
        }
        return (path ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Combine(folder, fileName))
            .FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string file) =>
        File.Exists(file) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & AnyExecute) != 0);
}

namespace Bottle.Core.Capability;

/// <summary>Reads the text databases of package managers; what it does not understand it leaves out.</summary>
public static class PackageDatabase
{
    /// <summary>dpkg's <c>/var/lib/dpkg/status</c>: installed packages with their version.</summary>
    public static IReadOnlyDictionary<string, string> Dpkg(string text) => Read(text, "Package: ", "Version: ", entry => entry.Any(line => line.StartsWith("Status: ", StringComparison.Ordinal) && line.EndsWith(" installed", StringComparison.Ordinal)));

    /// <summary>apk's <c>/lib/apk/db/installed</c>.</summary>
    public static IReadOnlyDictionary<string, string> Apk(string text) => Read(text, "P:", "V:", _ => true);

    private static Dictionary<string, string> Read(string text, string name, string version, Func<IReadOnlyList<string>, bool> isInstalled)
    {
        var packages = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = entry.Split('\n');
            if (Value(lines, name) is { } found && isInstalled(lines))
                packages[found] = Value(lines, version) ?? "";
        }

        return packages;
    }

    private static string? Value(IEnumerable<string> lines, string key) => lines.FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..].Trim();
}

using System.Text.Json;

namespace Bottle.Contracts.Git;

/// <summary>What a <c>package.json</c> makes other machines run without being asked: its install hooks. Other scripts run only when a person calls them, so a change of those passes.</summary>
public static class PackageScripts
{
    private static readonly string[] Hooks = ["preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare", "prepublish", "prepublishOnly", "prepack", "postpack", "dependencies", "preuninstall", "uninstall", "postuninstall"];

    // Configuration of hook managers that may stand in package.json, and packages whose own install scripts are let run.
    private static readonly string[] Sections = ["husky", "simple-git-hooks", "lint-staged", "pre-commit", "gitHooks", "trustedDependencies", "pnpm"];

    /// <summary>Whether what runs unasked differs between two versions (UTF-8 JSON; null = the file is not there). A file that cannot be read as an object counts as different.</summary>
    public static bool Differ(byte[]? before, byte[]? after)
    {
        try
        {
            return Essence(before) != Essence(after);
        }
        catch (JsonException)
        {
            return true;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static string Essence(byte[]? json)
    {
        if (json is null)
        {
            return "";
        }
        // A byte order mark is legal for npm.
        using var document = JsonDocument.Parse(json.AsMemory(json.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0));
        var root = document.RootElement;
        var scripts = root.TryGetProperty("scripts", out var found) ? Pick(found, Hooks) : [];
        return string.Join('\n', [.. scripts, .. Pick(root, Sections)]);
    }

    private static string[] Pick(JsonElement element, string[] names) =>
        element.EnumerateObject().Where(property => names.Contains(property.Name, StringComparer.Ordinal)).Select(property => $"{property.Name}={property.Value.GetRawText()}").Order(StringComparer.Ordinal).ToArray();
}

using System.Text.Json.Nodes;
using Bottle.Core.Manifests;
using Bottle.Core.Rendering;

namespace Bottle.Core.Planning;

/// <summary>Decides what stands in the agent's home before its first command: the provider's settings, and the agent's prompt where its program looks for standing instructions.</summary>
internal static class HomePlanner
{
    private const string Supervise = "{supervise}";

    /// <summary>The files in ordinal order of their paths.</summary>
    public static IReadOnlyList<HomeFile> Plan(ProviderManifest? provider, string prompt, bool isSupervised)
    {
        var files = (provider?.Settings ?? []).Where(setting => isSupervised || !setting.NeedsSupervise)
            .GroupBy(setting => setting.File, setting => setting.Text.Replace(Supervise, McpConfig.Url, StringComparison.Ordinal), StringComparer.Ordinal)
            .Select(parts => parts.Key.EndsWith(".json", StringComparison.Ordinal)
                ? new HomeFile(parts.Key, Merged(parts), HomeFileKind.Json)
                : new HomeFile(parts.Key, string.Concat(parts.Select(part => part.TrimEnd('\n') + "\n")), HomeFileKind.Text));
        if (provider?.Instructions is { } instructions && prompt.Length > 0)
            files = files.Append(new HomeFile(instructions, prompt.TrimEnd('\n') + "\n", HomeFileKind.Instructions));
        return [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    private static string Merged(IEnumerable<string> parts)
    {
        var whole = new JsonObject();
        foreach (var part in parts)
            JsonObjects.Merge(whole, JsonObjects.Parse(part) ?? []);
        return JsonObjects.Text(whole);
    }
}

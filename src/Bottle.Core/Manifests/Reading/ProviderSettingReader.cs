using System.Text.Json;
using System.Text.Json.Nodes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads what a provider puts into the agent's home (SPEC A9: its settings).</summary>
internal static class ProviderSettingReader
{
    private const int MaxPath = 200;
    private const int MaxText = 64 * 1024;
    private const string Supervise = "supervise";

    private static readonly string[] Keys = ["file", "when", "text"];

    public static IReadOnlyList<ProviderSetting> Read(ManifestSource source, MapReader provider, string? instructions) =>
        [.. (provider.List("settings") ?? []).Select(item => ReadOne(source, item, instructions)).OfType<ProviderSetting>()];

    /// <summary>A path in the agent's home; null when there is none, or it is no such path.</summary>
    public static string? Path(ManifestSource source, Located<string>? path)
    {
        if (path is null || PathProblem(path.Value) is not { } problem)
            return path?.Value;
        source.Report(ManifestErrors.BadHomeFile(path.Where, path.Value, problem));
        return null;
    }

    private static ProviderSetting? ReadOne(ManifestSource source, YamlNode node, string? instructions)
    {
        if (MapReader.Open(source, node, "a setting", Keys) is not { } map)
            return null;
        var file = map.RequiredText("file", "file: .config/agent.json");
        var text = map.RequiredText("text", "text: '{\"telemetry\": false}'");
        if (map.Text("when") is { } when && when.Value != Supervise)
            source.Report(ManifestErrors.NotOneOf(when.Where, "'when'", when.Value, [Supervise]));
        if (Path(source, file) is not { } path || text is null)
            return null;
        if (path == instructions)
            source.Report(ManifestErrors.BadHomeFile(file!.Where, path, "it is the file of 'instructions', which has the agent's prompt"));
        if (text.Value.Length > MaxText)
            source.Report(ManifestErrors.ValueTooLong(text.Where, "'text'", MaxText));
        else if (path.EndsWith(".json", StringComparison.Ordinal) && JsonProblem(text.Value) is { } problem)
            source.Report(ManifestErrors.BadJsonSetting(text.Where, path, problem));
        return new ProviderSetting(path, text.Value, map.Has("when"));
    }

    // Narrow on purpose: the path stands in a shell's command line inside the agent.
    private static string? PathProblem(string path) => path switch
    {
        _ when path.Length > MaxPath => $"it is longer than {MaxPath} characters",
        _ when !path.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/') => "it has other characters than letters, digits, '.', '_', '-' and '/'",
        _ when path.Split('/').Any(part => part is "" or "." or ".." || part.StartsWith('-')) => "it does not begin in the home, or has an empty part, '.', '..' or a part that begins with '-'",
        _ => null,
    };

    private static string? JsonProblem(string text)
    {
        try
        {
            // A key that is there twice is found out only when the object is asked for it.
            return JsonNode.Parse(text) is JsonObject whole && whole.Count >= 0 ? null : "it is not an object";
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return InertText.Excerpt(e.Message, 200);
        }
    }
}

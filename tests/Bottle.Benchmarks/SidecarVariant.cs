namespace Bottle.Benchmarks;

/// <summary>A second sidecar to compare with ours: another build, or another environment.</summary>
/// <param name="Label">Its name in tables.</param>
/// <param name="Executable">Its executable, or null for the one that ours has.</param>
/// <param name="Environment">Its extra environment.</param>
internal sealed record SidecarVariant(string Label, string? Executable, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Reads <c>LABEL[,file=FILE][,NAME=VALUE…]</c>.</summary>
    internal static SidecarVariant Parse(string text)
    {
        var parts = text.Split(',');
        var pairs = parts.Skip(1).Select(part => part.Split('=', 2)).ToArray();
        if (pairs.Any(pair => pair.Length != 2))
            throw new FormatException("--variant wants LABEL[,file=FILE][,NAME=VALUE…]");
        var environment = pairs.Where(pair => pair[0] != "file").ToDictionary(pair => pair[0], pair => pair[1]);
        return new SidecarVariant(parts[0], pairs.FirstOrDefault(pair => pair[0] == "file")?[1], environment);
    }
}

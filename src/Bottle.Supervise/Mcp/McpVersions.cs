namespace Bottle.Supervise.Mcp;

/// <summary>The protocol's versions that are spoken.</summary>
internal static class McpVersions
{
    /// <summary>The first version without a handshake: each request brings its version and the client's capabilities.</summary>
    public const string Modern = "2026-07-28";

    private static readonly HashSet<string> Known = new(["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", Modern], StringComparer.Ordinal);

    /// <summary>Whether a version is spoken.</summary>
    public static bool IsKnown(string version) => Known.Contains(version);

    /// <summary>Whether a version has no handshake.</summary>
    public static bool IsModern(string? version) => string.CompareOrdinal(version, Modern) >= 0;
}

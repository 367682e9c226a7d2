using System.Globalization;
using Bottle.Contracts.Git;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads <c>push</c> and <c>scan</c> of a git remote.</summary>
internal static class PushPolicyReader
{
    private const long LargestPush = 2_000_000_000;

    private static readonly string[] PushKeys = ["branches", "protected", "force", "delete", "tags", "max_size", "allow_ci"];
    private static readonly string[] ScanKeys = ["allow_fingerprints"];

    // Decimal, as disks and forges count.
    private static readonly (string Unit, long Bytes)[] Units = [("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("", 1)];

    public static PushPolicy Read(ManifestSource source, YamlNode node)
    {
        var defaults = new PushPolicy();
        if (MapReader.Open(source, node, "'push'", PushKeys) is not { } map)
            return defaults;
        return new PushPolicy
        {
            Branches = ReadPatterns(source, map, "branches") ?? defaults.Branches,
            Protected = ReadPatterns(source, map, "protected") ?? defaults.Protected,
            Force = map.Flag("force", absent: false),
            Delete = map.Flag("delete", absent: false),
            Tags = map.Flag("tags", absent: false),
            MaxSize = ReadSize(source, map) ?? defaults.MaxSize,
            AllowCi = map.Flag("allow_ci", absent: false),
        };
    }

    public static ScanPolicy ReadScan(ManifestSource source, YamlNode node)
    {
        if (MapReader.Open(source, node, "'scan'", ScanKeys)?.Texts("allow_fingerprints") is not { } fingerprints)
            return new ScanPolicy();
        foreach (var wrong in fingerprints.Where(f => f.Value.Length != 16 || !f.Value.All(char.IsAsciiHexDigitLower)))
            source.Report(ManifestErrors.BadFingerprint(wrong.Where, wrong.Value));
        return new ScanPolicy { AllowFingerprints = [.. fingerprints.Select(f => f.Value)] };
    }

    private static List<string>? ReadPatterns(ManifestSource source, MapReader map, string key)
    {
        if (map.Texts(key) is not { } patterns)
            return null;
        foreach (var pattern in patterns)
        {
            var problem = pattern.Value.StartsWith("refs/", StringComparison.Ordinal) ? "branches are named without 'refs/heads/'"
                : RefName.IsSafe(RefName.Heads + pattern.Value.Replace('*', 'x')) ? null : "no branch can have that name";
            if (problem is not null)
                source.Report(ManifestErrors.BadBranchPattern(pattern.Where, pattern.Value, problem));
        }

        return [.. patterns.Select(p => p.Value)];
    }

    private static long? ReadSize(ManifestSource source, MapReader map)
    {
        if (map.Text("max_size") is not { } text)
            return null;
        var (unit, bytes) = Units.First(u => text.Value.EndsWith(u.Unit, StringComparison.Ordinal));
        if (long.TryParse(text.Value[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= LargestPush && count * bytes <= LargestPush)
            return count * bytes;
        source.Report(ManifestErrors.BadSize(text.Where, text.Value));
        return null;
    }
}

using System.Security.Cryptography;
using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Host.Manifests;

/// <summary>Whether an agent's manifests may start.</summary>
public enum TrustState
{
    /// <summary>In home, recorded, or shipped and unchanged.</summary>
    Trusted,
    /// <summary>Outside home, and never trusted at this place.</summary>
    New,
    /// <summary>Outside home, and different from what was trusted last.</summary>
    Changed,
}

/// <summary>
/// The answer for one agent. <see cref="Content"/> is what was looked at (null when everything lies in home), <see cref="Difference"/> is the whole unified diff against what was trusted last, inert.
/// </summary>
public sealed record TrustVerdict(TrustState State, TrustContent? Content, string Difference, LoadedManifests Manifests)
{
    /// <summary>The hash that <c>--trust=</c> takes; null when everything lies in home.</summary>
    public string? Hash => Content?.Hash;

    /// <summary>Whether these are manifests that came with Bottle, as they came.</summary>
    public bool IsShipped { get; init; }
}

/// <summary>
/// Which manifests outside home the operator has trusted (SPEC A3): one record per place of an agent in <c>&lt;home&gt;/trust/</c>. Trust is bound to the place, so that a copy elsewhere is new.
/// Reads manifests and the files that they name; no variable, no secret.
/// </summary>
public sealed class TrustStore(string trustDirectory, string homeBottles, string workingDirectory, ShippedTrust? shipped = null)
{
    private const int MostLinesShown = 200;

    /// <summary>Looks at everything that the manifests name.</summary>
    /// <exception cref="BottleException">BTL1003 or BTL1010: it cannot be read, or is too much.</exception>
    public TrustVerdict Evaluate(LoadedManifests loaded)
    {
        if (loaded.Files.Select(file => file.FullPath).Append(loaded.ImageDirectory).OfType<string>().All(path => IsBelow(path, homeBottles)))
            return new TrustVerdict(TrustState.Trusted, null, "", loaded);
        var content = TrustContent.Read(loaded, workingDirectory);
        var recorded = TrustRecord.Load(RecordOf(loaded));
        var isShipped = shipped?.Trusts(loaded, content.Hash) == true;
        if (isShipped || recorded?.Hash == content.Hash)
            return new TrustVerdict(TrustState.Trusted, content, "", loaded) { IsShipped = isShipped };
        return new TrustVerdict(recorded is null ? TrustState.New : TrustState.Changed, content, TrustRecord.Of(content).DifferenceFrom(recorded), loaded);
    }

    /// <summary>Ends the launch unless the verdict is <see cref="TrustState.Trusted"/>; <paramref name="trustCommand"/> is what to type, <c>dotnet cake --target=Trust --agent=NAME</c> when null.</summary>
    /// <exception cref="BottleException">BTL1008 or BTL1009, with the difference.</exception>
    public static void Require(TrustVerdict verdict, string? trustCommand = null)
    {
        if (verdict.State == TrustState.Trusted)
            return;
        var agent = verdict.Manifests.Agent;
        var command = $"{trustCommand ?? $"dotnet cake --target=Trust --agent={agent.Name}"}   (or add --trust={verdict.Hash})";
        var (where, subject) = (agent.Where, $"agent '{agent.Name}' with what it names");
        throw new BottleException(verdict.State == TrustState.New
            ? ManifestErrors.NotTrusted(where, subject, Shown(verdict.Difference), command)
            : ManifestErrors.ChangedSinceTrusted(where, subject, Shown(verdict.Difference), command));
    }

    /// <summary>Records exactly what the verdict looked at, not what lies on disk by now; overwrites what was trusted before at this place.</summary>
    public void Record(TrustVerdict verdict)
    {
        if (verdict.Content is { } content)
            TrustRecord.Of(content).Save(RecordOf(verdict.Manifests), verdict.Manifests.Agent.Name, verdict.Manifests.Files[0].FullPath);
    }

    internal static bool IsBelow(string path, string directory) => path.StartsWith(Path.GetFullPath(directory).TrimEnd('/') + "/", StringComparison.Ordinal);

    private string RecordOf(LoadedManifests loaded)
    {
        var place = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(loaded.Files[0].FullPath)))[..16];
        return Path.Combine(trustDirectory, $"{loaded.Agent.Name}-{place}.json");
    }

    private static string Shown(string difference)
    {
        var lines = difference.TrimEnd('\n').Split('\n');
        return lines.Length <= MostLinesShown ? string.Join('\n', lines)
            : string.Join('\n', lines.Take(MostLinesShown)) + $"\n… and {lines.Length - MostLinesShown} more lines, which the target Trust shows before it asks";
    }
}

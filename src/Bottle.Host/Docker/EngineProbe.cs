using System.Text.Json;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Processes;

namespace Bottle.Host.Docker;

/// <summary>What a look at the engine found: <see cref="Info"/>, or <see cref="Problem"/> and what was heard.</summary>
public sealed record EngineProbe
{
    /// <summary>Older engines let an internal network's DNS out and lack what the Compose file needs (facts/docker.md 4).</summary>
    public static readonly Version OldestEngine = new(23, 0);

    /// <summary>The first Compose whose <c>up --wait</c> and <c>depends_on</c> conditions are as Bottle uses them.</summary>
    public static readonly Version OldestCompose = new(2, 20);

    /// <summary>The engine, when it can be used.</summary>
    public EngineInfo? Info { get; init; }

    /// <summary>Why it cannot be used.</summary>
    public EngineProblem? Problem { get; init; }

    /// <summary>What the client said, or the version found; one line.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The engine, or the problem as BTL4101-4105.</summary>
    public EngineInfo Require() => Info ?? throw new BottleException(Diagnostic!);

    /// <summary>The problem for people; null when the engine can be used.</summary>
    public Diagnostic? Diagnostic => Problem switch
    {
        null => null,
        EngineProblem.PermissionDenied => EngineErrors.PermissionDenied(Detail),
        EngineProblem.EngineTooOld => EngineErrors.EngineTooOld(Detail, OldestEngine.ToString()),
        EngineProblem.ComposeMissing => EngineErrors.ComposeMissing(),
        EngineProblem.ComposeTooOld => EngineErrors.ComposeTooOld(Detail, OldestCompose.ToString()),
        _ => EngineErrors.NotReachable(Detail),
    };

    /// <summary>Reads the answer to <c>docker info --format '{{json .}}'</c>.</summary>
    internal static EngineProbe Read(CommandResult result)
    {
        var said = result.LastLines(1) is [var line] && result.Error.Length > 0 ? line : "";
        var (info, composeVersion) = Parse(result.Output);
        if (info is null)
        {
            var denied = result.Error.Contains("permission denied", StringComparison.OrdinalIgnoreCase);
            return new() { Problem = denied ? EngineProblem.PermissionDenied : EngineProblem.NoDaemon, Detail = said };
        }
        if (ParseVersion(info.ServerVersion) < OldestEngine)
            return new() { Problem = EngineProblem.EngineTooOld, Detail = info.ServerVersion };
        if (composeVersion is null)
            return new() { Problem = EngineProblem.ComposeMissing };
        return ParseVersion(info.ComposeVersion) < OldestCompose
            ? new() { Problem = EngineProblem.ComposeTooOld, Detail = info.ComposeVersion }
            : new() { Info = info };
    }

    private static (EngineInfo? Info, string? Compose) Parse(string output)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            var root = document.RootElement;
            if (root.Text("ServerVersion") is not { Length: > 0 } server)
                return (null, null);
            var compose = root.Member("ClientInfo").Member("Plugins").Items()
                .Where(p => p.Text("Name") == "compose").Select(p => p.Text("Version")).FirstOrDefault()?.TrimStart('v');
            return (new EngineInfo
            {
                ServerVersion = server,
                ComposeVersion = compose ?? "",
                Cpus = root.TryGetProperty("NCPU", out var cpus) && cpus.TryGetInt32(out var count) && count > 0 ? count : Environment.ProcessorCount,
                Rootless = root.Member("SecurityOptions").Items().Any(o => o.GetString()?.Split(',').Contains("name=rootless") is true),
                Runtimes = root.Member("Runtimes").Names().ToHashSet(StringComparer.Ordinal),
                CgroupVersion = root.Text("CgroupVersion") ?? "",
            }, compose);
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    /// <summary>The leading numbers of a version such as <c>26.1.5+dfsg1</c>; 0.0 when there are none.</summary>
    private static Version ParseVersion(string text)
    {
        var numbers = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').ToArray();
        return Version.TryParse(new string(numbers), out var version) ? version : new Version(0, 0);
    }
}

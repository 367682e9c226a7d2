namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>BTL50xx: what ends a launch between its stages.</summary>
public static class LaunchErrors
{
    /// <summary>BTL5001: a signal came.</summary>
    public static Diagnostic Interrupted(string signal) => new()
    {
        Code = "BTL5001",
        Message = $"stopped by {signal}; what had been started is torn down",
        Fix = "start it again when you want to go on",
    };

    /// <summary>BTL5002: the preflight has nobody to ask.</summary>
    public static Diagnostic NobodyToAsk() => new()
    {
        Code = "BTL5002",
        Message = "the preflight must be answered, and standard input is no terminal",
        Why = "nobody has seen what the agent will be able to reach",
        Fix = "read the preflight above, then add --yes",
    };

    /// <summary>BTL5003: the person said no.</summary>
    public static Diagnostic NotConfirmed() => new()
    {
        Code = "BTL5003",
        Message = "not started: the preflight was not answered with y",
        Fix = "answer y, or add --yes where nobody can answer",
    };

    /// <summary>BTL5004: what runs is not what was planned.</summary>
    public static Diagnostic NotConfined(string finding) => new()
    {
        Code = "BTL5004",
        Message = $"the running bottle is not confined as planned: {finding}",
        Why = "the agent is not started where it could reach more than its manifest says",
        Fix = "look for what changed it (another Compose file, an engine plugin, a daemon option) and start again",
    };

    /// <summary>BTL5005: a canary that should answer does not, so its silence towards the agent would prove nothing.</summary>
    public static Diagnostic CanarySilent(string canary, string container) => new()
    {
        Code = "BTL5005",
        Message = $"canary {canary} does not answer container {container}, which is not confined",
        Why = "a canary that nobody can reach proves nothing about the agent",
        Fix = "look for a firewall on this host that drops traffic from container bridges",
    };

    /// <summary>BTL5006: a step inside the agent's container failed.</summary>
    public static Diagnostic ProvisionFailed(string what, IReadOnlyList<string> lastLines) => new()
    {
        Code = "BTL5006",
        Message = $"{what} could not be put into the agent's container:\n{string.Join('\n', lastLines)}",
        Fix = "the agent's image needs tar and a writable /home/agent",
    };

    /// <summary>BTL5007: tests failed, or none ran.</summary>
    public static Diagnostic TestsFailed(int passed, int failed) => new()
    {
        Code = "BTL5007",
        Message = passed + failed == 0 ? "no test ran" : $"{failed} of {passed + failed} tests failed",
        Fix = "their messages stand above",
    };

    /// <summary>BTL5008: a stage is asked for that needs an identity.</summary>
    public static Diagnostic NoSuchRun(string identity) => new()
    {
        Code = "BTL5008",
        Message = $"there is no run '{identity}'",
        Fix = "see which runs exist: dotnet cake --target=List",
    };

    /// <summary>BTL5010: a run that has ended is asked for what only one that is there can do.</summary>
    public static Diagnostic RunIsOver(string identity) => new()
    {
        Code = "BTL5010",
        Message = $"run '{identity}' is over",
        Why = "it ended and was removed; what it was and did is kept",
        Fix = $"see what is kept of it: dotnet cake --target=Info --bottle={identity}; runs that are there: dotnet cake --target=List",
    };

    /// <summary>BTL5009: a file of upstream roots that holds none.</summary>
    public static Diagnostic UpstreamCaUnusable(string path, string reason) => new()
    {
        Code = "BTL5009",
        Message = $"the upstream roots in {path} cannot be used: {reason}",
        Fix = "name a PEM file with at least one certificate (--upstream-ca, or upstream_ca in config.yaml)",
    };
}

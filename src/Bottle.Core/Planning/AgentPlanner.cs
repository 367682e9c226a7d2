using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;

namespace Bottle.Core.Planning;

/// <summary>Decides the agent's container: what it runs, and every variable that it sees (SPEC A5, A12, C2, D5, D9).</summary>
internal static class AgentPlanner
{
    /// <summary>What stands where a provider's credential would (SPEC A12).</summary>
    private const string Placeholder = "placeholder";

    /// <summary>The agent image's own user, which needs no passwd entry.</summary>
    private const int ImageUid = 1000;

    /// <summary>The agent for this launch.</summary>
    public static AgentPlan Plan(
        LaunchRequest request, HostFacts facts, ChosenProvider? provider, AgentNeighbours neighbours, RunAs runAs, List<Diagnostic> diagnostics)
    {
        // Later ones win: Bottle's defaults, the provider's settings, the manifest's. What Bottle owns is refused to both.
        var variables = new Dictionary<string, EnvironmentVariable>(StringComparer.Ordinal);
        foreach (var (name, value) in AgentEnvironment.Defaults(facts))
            variables[name] = new EnvironmentVariable(name, value);
        foreach (var entry in provider?.Manifest.Environment ?? [])
            variables[entry.Name] = Variable(entry);
        if (provider?.Credential is { } credential)
            variables[credential.AgentVariable] = new EnvironmentVariable(credential.AgentVariable, Placeholder);
        foreach (var entry in request.Bottle.Environment)
            variables[entry.Name] = Variable(entry);
        var owned = AgentEnvironment.Owned(neighbours);
        Check(request, facts, provider, diagnostics);
        foreach (var (name, value) in owned)
            variables[name] = new EnvironmentVariable(name, value);

        var limits = request.Bottle.Limits;
        return new AgentPlan
        {
            Image = facts.Images.Agent,
            Dockerfile = facts.Images.AgentDockerfile,
            Command = [.. request.Agent.Command, .. Arguments(request, provider?.Manifest) ?? []],
            Transcript = provider?.Manifest.Transcript ?? [],
            Prompt = request.Agent.Prompt,
            Request = Request(request, provider, diagnostics),
            HomeFiles = HomePlanner.Plan(provider?.Manifest, request.Agent.Prompt, request.Bottle.Supervise),
            Skills = [.. request.Agent.Skills.Select(s => s.Value)],
            Environment = [.. variables.Values.OrderBy(variable => variable.Name, StringComparer.Ordinal)],
            Provider = provider?.Manifest.Name,
            NeedsPasswdEntry = runAs.Uid is not (0 or ImageUid),
            Runtime = RuntimePlanner.Plan(request, facts, diagnostics),
            Limits = new Limits(limits?.MemoryMiB ?? Limits.Agent.MemoryMiB, limits?.Cpus ?? Limits.Agent.Cpus, limits?.Pids ?? Limits.Agent.Pids).Within(facts.Cpus),
            Bounds = new RunBounds(limits?.DiskMiB ?? RunBounds.Default.DiskMiB, limits?.Minutes ?? RunBounds.Default.Minutes),
            LimitsSource = limits?.Where.ToString(),
        };
    }

    private static IReadOnlyList<string>? Arguments(LaunchRequest request, ProviderManifest? provider) => (request.Continues, request.Prompt) switch
    {
        (true, null) => provider?.ResumeArguments,
        (true, _) => provider?.ResumePromptArguments ?? provider?.PromptArguments,
        (false, null) => null,
        (false, _) => provider?.PromptArguments,
    };

    // Where the program has no place for standing instructions, they stand before what is asked for.
    private static string? Request(LaunchRequest request, ChosenProvider? provider, List<Diagnostic> diagnostics)
    {
        if (request.Prompt is null)
            return null;
        if (provider?.Manifest.PromptArguments is null)
            diagnostics.Add(PlanErrors.NoPromptArguments(request.Agent, provider?.Manifest));
        return provider?.Manifest.Instructions is not null || request.Agent.Prompt.Length == 0 ? request.Prompt : $"{request.Agent.Prompt}\n\n{request.Prompt}";
    }

    private static EnvironmentVariable Variable(EnvironmentManifest entry) =>
        new(entry.Name, entry.Literal, entry.FromHost) { Source = entry.Where.ToString() };

    private static void Check(LaunchRequest request, HostFacts facts, ChosenProvider? provider, List<Diagnostic> diagnostics)
    {
        foreach (var entry in request.Bottle.Environment.Concat(provider?.Manifest.Environment ?? []))
        {
            if (AgentEnvironment.IsOurs(entry.Name))
                diagnostics.Add(PlanErrors.EnvironmentNameIsOurs(entry.Name, entry.Where));
            if (entry.FromHost is { } name && !facts.Variables.Contains(name))
                diagnostics.Add(PlanErrors.HostVariableMissing(name, $"the agent's '{entry.Name}' comes from it", entry.Where, request.HostIsRequired));
            if (entry.Literal is { } literal && !IsPossible(literal))
                diagnostics.Add(PlanErrors.EnvironmentValueImpossible(entry.Name, entry.Where));
        }
        if (provider is null)
            return;
        var credentials = provider.Manifest.Credentials.SelectMany(c => new[] { c.AgentVariable, c.HostVariable }).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in request.Bottle.Environment)
        {
            if (credentials.Contains(entry.Name) || (entry.FromHost is { } host && credentials.Contains(host)))
                diagnostics.Add(PlanErrors.ProviderTokenInEnvironment(entry.FromHost ?? entry.Name, provider.Manifest, entry.Where));
        }
    }

    private static bool IsPossible(string literal)
    {
        for (var i = 0; i < literal.Length; i++)
        {
            if (literal[i] == '\0' || char.IsLowSurrogate(literal[i]))
                return false;
            if (char.IsHighSurrogate(literal[i]) && (++i == literal.Length || !char.IsLowSurrogate(literal[i])))
                return false;
        }
        return true;
    }
}
